import { scaleLinear } from 'd3-scale';
import { html, type Html } from '../html.js';
import type { PeerGroupDistribution, ReportFlag, ReportOutliers } from '../mining-report.js';
import { count, counted, fixed, percent } from '../wording.js';
import { foldedList, howMuchIsShown } from './section.js';

const WIDTH = 720;
const ROW = 44;
const TOP = 26;
const MARGIN = 12;

/** People who hold much more than their peers. */
export function renderOutliers(outliers: ReportOutliers): Html {
  const { groups, flags, attribute } = outliers;
  if (flags.total === 0)
    return html`<p>Nobody holds so much more than the peers that it would have to be looked at.</p>`;
  const compared = attribute === null ? 'everybody else' : `others of the same ${attribute}`;
  return html`<p>
      ${counted(flags.total, 'person holds', 'people hold')} far more than ${compared}, with entitlements that at most
      half of the peers have.
    </p>
    ${
      groups.items.length > 0 &&
      html`<figure>
        ${chart(groups.items)}
        <figcaption>
          <span><i class="key key-range"></i>everybody in the group</span
          ><span><i class="key key-half"></i>the middle half</span> <span><i class="key key-median"></i>median</span
          ><span><i class="key key-flagged"></i>above their peers</span>
          ${groups.items.length < groups.total && html`<span>The ${count(groups.items.length)} groups of ${count(groups.total)} with the most such people.</span>`}
        </figcaption>
      </figure>`
    }
    ${howMuchIsShown(flags, '; they are the furthest above their peers')}
    <table class="list" role="table">
      <caption class="hidden">
        People above their peers
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Person</th>
          <th role="columnheader" scope="col" class="number">Holds</th>
          <th role="columnheader" scope="col" class="number">Peers’ average</th>
          <th role="columnheader" scope="col" class="number">Above it by</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${flags.items.map(row)}
      </tbody>
    </table>`;
}

function row(flag: ReportFlag): Html {
  return html`<tr role="row">
    <th role="rowheader" scope="row">
      <span class="name">${flag.user}</span>
      ${flag.decision !== null && html`<span class="mark">${flag.decision}</span>`}
      <p>
        Compared with ${flag.group}; holds more than
        ${flag.peerPercentile >= 100 ? 'all' : percent(flag.peerPercentile, 0)} of them.
      </p>
      ${foldedList(`${counted(flag.excess.total, 'entitlement')} that at most half of the peers hold`, flag.excess)}
    </th>
    <td role="cell" class="number" data-label="Holds">${count(flag.held)}</td>
    <td role="cell" class="number" data-label="Peers’ average">${fixed(flag.peerAverage, 1)}</td>
    <td role="cell" class="number" data-label="Above it by">${count(Math.round(flag.deviationPercent))}%</td>
  </tr>`;
}

function chart(groups: readonly PeerGroupDistribution[]): Html {
  const height = TOP + groups.length * ROW;
  const most = Math.max(...groups.map((group) => group.most));
  const x = scaleLinear([0, most], [MARGIN, WIDTH - MARGIN]).nice();
  const at = (value: number): number => Math.round(x(value) * 10) / 10;
  const text = `How many entitlements people hold, by peer group. ${groups
    .map(
      ({ name, median, flagged, most: top }) =>
        `${name}: half hold up to ${count(median)}, ${count(flagged)} stand out, up to ${count(top)}`,
    )
    .join('. ')}.`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${text}">
    ${x
      .ticks(6)
      .map(
        (tick) =>
          html`<line class="grid" x1="${at(tick)}" x2="${at(tick)}" y1="18" y2="${height}" />
            <text class="tick" x="${at(tick)}" y="12" text-anchor="middle">${count(tick)}</text>`,
      )}
    ${groups.map((group, index) => {
      const top = TOP + index * ROW;
      const y = top + 29;
      return html`<text class="group" x="${MARGIN}" y="${top + 14}">${group.name}</text>
        <text class="tick" x="${WIDTH - MARGIN}" y="${top + 14}" text-anchor="end"
          >${count(group.flagged)} of ${counted(group.members, 'person', 'people')}</text
        >
        <line class="range" x1="${at(group.least)}" x2="${at(group.most)}" y1="${y}" y2="${y}" />
        <rect
          class="half"
          x="${at(group.lowerQuartile)}"
          width="${Math.max(2, at(group.upperQuartile) - at(group.lowerQuartile))}"
          y="${y - 6}"
          height="12"
          rx="3"
        />
        <line class="median" x1="${at(group.median)}" x2="${at(group.median)}" y1="${y - 8}" y2="${y + 8}" />
        ${group.flaggedPeople.map(
          ({ name, held }) =>
            html`<circle class="flagged" cx="${at(held)}" cy="${y}" r="4.5"
              ><title>${name}: ${counted(held, 'entitlement')}</title></circle
            >`,
        )}`;
    })}
  </svg>`;
}

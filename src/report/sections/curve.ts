import { scaleLinear } from 'd3-scale';
import { area, curveLinear, line } from 'd3-shape';
import { html, type Html } from '../html.js';
import type { CompletedRun } from '../mining-report.js';
import { count, counted, percent } from '../wording.js';

const WIDTH = 720;
const HEIGHT = 300;
const MARGIN = { top: 16, right: 24, bottom: 36, left: 48 };
/** Points of a long curve that are drawn. */
const DRAWN_POINTS = 400;

type CurvePoint = readonly [roles: number, percent: number];

/** How many roles explain how much: where to stop. */
export function renderCurve(run: CompletedRun): Html {
  const milestones = run.underCoverCurve.filter((point) => point.roleCount !== null);
  if (milestones.length === 0)
    return html`<p>The proposed roles explain less than 80% of the assignments: there is no curve to show.</p>`;
  return html`<p>${stopAdvice(milestones)}</p>
    <figure>
      ${chart(run)}
      <figcaption>Assignments explained by the strongest roles, taken one after the other.</figcaption>
    </figure>
    <table class="compact">
      <caption>
        Roles needed
      </caption>
      <thead>
        <tr>
          <th scope="col">To explain</th>
          ${run.underCoverCurve.map(({ coveragePercent }) => html`<th scope="col" class="number">${coveragePercent}%</th>`)}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Roles</th>
          ${run.underCoverCurve.map(
            ({ roleCount }) => html`<td class="number">${roleCount === null ? 'not reached' : count(roleCount)}</td>`,
          )}
        </tr>
      </tbody>
    </table>`;
}

function stopAdvice(milestones: CompletedRun['underCoverCurve']): string {
  const first = milestones[0];
  const last = milestones[milestones.length - 1];
  const start = `The ${counted(first.roleCount!, 'strongest role explains', 'strongest roles explain')} ${first.coveragePercent}% of all access`;
  if (milestones.length === 1) return `${start}.`;
  return `${start}; for ${last.coveragePercent}% it takes ${count(last.roleCount!)}. Begin at the top of the list and stop where another role is not worth its upkeep.`;
}

function chart(run: CompletedRun): Html {
  const { roleCount, assignments, coveredAssignments } = run.figures;
  const end = assignments === 0 ? 100 : (coveredAssignments / assignments) * 100;
  const points = curvePoints(run, end);
  const x = scaleLinear([0, Math.max(1, roleCount)], [MARGIN.left, WIDTH - MARGIN.right]).nice();
  const y = scaleLinear([0, 100], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const at = (value: number): number => Math.round(value * 10) / 10;
  const path = line<CurvePoint>(
    ([roles]) => at(x(roles)),
    ([, share]) => at(y(share)),
  ).curve(curveLinear);
  const below = area<CurvePoint>(
    ([roles]) => at(x(roles)),
    at(y(0)),
    ([, share]) => at(y(share)),
  );
  const milestones = run.underCoverCurve.filter((point) => point.roleCount !== null);
  const text = `Curve of assignments explained against number of roles: ${milestones
    .map(({ coveragePercent, roleCount: roles }) => `${coveragePercent}% with ${counted(roles!, 'role')}`)
    .join(', ')}.`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${text}">
    ${[0, 25, 50, 75, 100].map(
      (tick) =>
        html`<line
            class="grid"
            x1="${MARGIN.left}"
            x2="${WIDTH - MARGIN.right}"
            y1="${at(y(tick))}"
            y2="${at(y(tick))}"
          />
          <text class="tick" x="${MARGIN.left - 8}" y="${at(y(tick)) + 4}" text-anchor="end">${tick}%</text>`,
    )}
    ${x
      .ticks(6)
      .filter(Number.isInteger)
      .map(
        (tick) =>
          html`<text class="tick" x="${at(x(tick))}" y="${HEIGHT - 14}" text-anchor="middle"
            >${tick === 0 ? '0 roles' : count(tick)}</text
          >`,
      )}
    <path class="curve-area" d="${below(points) ?? ''}" />
    <path class="curve" d="${path(points) ?? ''}" />
    ${milestones.map(
      ({ coveragePercent, roleCount: roles }) =>
        html`<line
            class="drop"
            x1="${at(x(roles!))}"
            x2="${at(x(roles!))}"
            y1="${at(y(coveragePercent))}"
            y2="${at(y(0))}"
          />
          <circle class="milestone" cx="${at(x(roles!))}" cy="${at(y(coveragePercent))}" r="4">
            <title>${percent(coveragePercent)} with ${counted(roles!, 'role')}</title>
          </circle>
          <text class="milestone-text" x="${at(x(roles!)) + 8}" y="${at(y(coveragePercent)) + 16}"
            >${coveragePercent}% · ${count(roles!)}</text
          >`,
    )}
  </svg>`;
}

/** Role by role; straight between the milestones where the share of each role is not known. */
function curvePoints({ contributions, figures, underCoverCurve }: CompletedRun, end: number): CurvePoint[] {
  if (contributions !== null) {
    let covered = 0;
    const all = contributions.map((added, index): CurvePoint => {
      covered += added;
      return [index + 1, (covered / figures.assignments) * 100];
    });
    const every = Math.ceil(all.length / DRAWN_POINTS);
    return [[0, 0], ...all.filter((_, index) => index % every === 0 || index === all.length - 1)];
  }
  const milestones = underCoverCurve.flatMap(({ coveragePercent, roleCount }): CurvePoint[] =>
    roleCount === null ? [] : [[roleCount, coveragePercent]],
  );
  const points: CurvePoint[] = [[0, 0], ...milestones];
  return points[points.length - 1][1] < end ? [...points, [figures.roleCount, end]] : points;
}

import { html, type Html } from '../html.js';
import type { ReportOverlap, Shown } from '../mining-report.js';
import { count, counted, percent } from '../wording.js';
import { foldedList, howMuchIsShown } from './section.js';

/** Existing roles that could be one. */
export function renderOverlaps(overlaps: Shown<ReportOverlap>): Html {
  if (overlaps.total === 0) return html`<p>No two roles of the organisation overlap enough to be one.</p>`;
  return html`<p>
      ${counted(overlaps.total, 'pair')} of existing roles ${overlaps.total === 1 ? 'shares' : 'share'} so many
      entitlements that one role might do.
    </p>
    ${howMuchIsShown(overlaps, '; they overlap most')}
    <table class="list" role="table">
      <caption class="hidden">
        Overlapping roles
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Roles</th>
          <th role="columnheader" scope="col" class="number">In common</th>
          <th role="columnheader" scope="col" class="number">Of the smaller</th>
          <th role="columnheader" scope="col" class="number">Same members</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${overlaps.items.map(row)}
      </tbody>
    </table>`;
}

function row(overlap: ReportOverlap): Html {
  const { roleA, roleB, shared, onlyA, onlyB } = overlap;
  return html`<tr role="row">
    <th role="rowheader" scope="row">
      <span class="name">${roleA} <span class="and">and</span> ${roleB}</span>
      ${overlap.decision !== null && html`<span class="mark">${overlap.decision}</span>`} ${proportions(overlap)}
      ${foldedList(`Only in ${roleA} (${count(onlyA.total)})`, onlyA)}
      ${foldedList(`Only in ${roleB} (${count(onlyB.total)})`, onlyB)}
      ${foldedList(`In both (${count(shared.total)})`, shared)}
    </th>
    <td role="cell" class="number" data-label="In common">${percent(overlap.overlapPercent, 0)}</td>
    <td role="cell" class="number" data-label="Of the smaller">${percent(overlap.containmentPercent, 0)}</td>
    <td role="cell" class="number" data-label="Same members">${percent(overlap.memberOverlapPercent, 0)}</td>
  </tr>`;
}

function proportions({ shared, onlyA, onlyB }: ReportOverlap): Html {
  const all = shared.total + onlyA.total + onlyB.total;
  const width = (part: number): number => Math.round((part / Math.max(1, all)) * 1000) / 10;
  const [a, both, b] = [width(onlyA.total), width(shared.total), width(onlyB.total)];
  return html`<svg
    class="proportions"
    viewBox="0 0 100 4"
    preserveAspectRatio="none"
    role="img"
    aria-label="${count(onlyA.total)} only in the first, ${count(shared.total)} in both, ${count(onlyB.total)} only in the second"
  >
    <rect class="only-a" x="0" y="0" width="${a}" height="4" />
    <rect class="shared" x="${a}" y="0" width="${both}" height="4" />
    <rect class="only-b" x="${a + both}" y="0" width="${b}" height="4" />
  </svg>`;
}

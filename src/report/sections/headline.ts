import { scaleLinear } from 'd3-scale';
import { html, type Html } from '../html.js';
import type { RunFigures } from '../mining-report.js';
import { count, counted, fixed, percent } from '../wording.js';

/** The run in one sentence. */
export function leadSentence(figures: RunFigures): string {
  const { roleCount, assignments, coveredAssignments, complexityBefore, complexityAfter } = figures;
  if (assignments === 0) return 'Nobody holds anything, so there is nothing to explain.';
  if (roleCount === 0) return `No role would make these ${counted(assignments, 'assignment')} simpler to describe.`;
  const share = percent((coveredAssignments / assignments) * 100);
  const times = complexityBefore / complexityAfter;
  const simpler = times >= 1.05 ? `, and make access ${fixed(times, 1)} times simpler to describe than one by one` : '';
  return `${counted(roleCount, 'role explains', 'roles explain')} ${share} of ${counted(assignments, 'assignment')}${simpler}.`;
}

export function renderHeadline(figures: RunFigures): Html {
  const { assignments, coveredAssignments, directAssignments, roleCount, users, entitlements } = figures;
  const share = assignments === 0 ? 100 : (coveredAssignments / assignments) * 100;
  return html`<div class="tiles">
      <div class="tile">
        <h3>Explained by roles</h3>
        <p class="figure">${percent(share)}</p>
        <p>
          ${count(coveredAssignments)} of ${count(assignments)} assignments. ${count(directAssignments)} stay direct.
        </p>
      </div>
      <div class="tile">
        <h3>Roles proposed</h3>
        <p class="figure">${count(roleCount)}</p>
        <p>for ${counted(users, 'user')} and ${counted(entitlements, 'entitlement')}.${existingSentence(figures)}</p>
      </div>
      <div class="tile">
        <h3>Complexity</h3>
        <p class="figure">${count(figures.complexityAfter)}</p>
        <p>was ${count(figures.complexityBefore)}: every assignment by itself.</p>
      </div>
      <div class="tile">
        <h3>How good is that?</h3>
        <p class="figure">${qualityFigure(figures)}</p>
        <p>${qualitySentence(figures)}</p>
      </div>
    </div>
    ${complexityChart(figures)}
    <p class="note">
      Complexity counts what somebody has to keep in order: each role, each person in a role, each entitlement in a
      role, and each assignment that stays direct.
      ${stopSentence(figures)}${figures.modeReason !== null && html` ${figures.modeReason}`}
    </p>`;
}

function existingSentence({ existingRoleCount }: RunFigures): string {
  if (existingRoleCount === 0) return '';
  return ` ${count(existingRoleCount)} of them ${existingRoleCount === 1 ? 'exists' : 'exist'} already and ${existingRoleCount === 1 ? 'stays' : 'stay'} as ${existingRoleCount === 1 ? 'it is' : 'they are'}.`;
}

function qualityFigure(figures: RunFigures): string {
  if (figures.provenOptimal) return 'Optimal';
  const gap = gapPercent(figures);
  return gap === null ? 'No bound' : `≤ ${fixed(ceiled(gap), 1)}%`;
}

function qualitySentence(figures: RunFigures): string {
  const { objective, lowerBound, provenOptimal } = figures;
  const value = objective === 'roles' ? figures.roleCount : figures.complexityAfter;
  if (provenOptimal) {
    return objective === 'roles'
      ? `Proven: no set of fewer than ${counted(value, 'role')} reproduces this access.`
      : `Proven: no role set is simpler than ${count(value)}.`;
  }
  const gap = gapPercent(figures);
  if (lowerBound === null || gap === null) {
    const why = figures.boundReason === null ? '' : `: ${figures.boundReason}`;
    return `How far this is from the optimum is not known${why}. It is the best that was found.`;
  }
  return objective === 'roles'
    ? `${count(value)}; no role set can have fewer than ${counted(lowerBound, 'role')}: at most ${fixed(ceiled(gap), 1)}% above the optimum.`
    : `${count(value)}; no role set can be simpler than ${count(lowerBound)}: at most ${fixed(ceiled(gap), 1)}% above the optimum.`;
}

function gapPercent({ objective, lowerBound, roleCount, complexityAfter }: RunFigures): number | null {
  if (lowerBound === null || lowerBound === 0) return null;
  const value = objective === 'roles' ? roleCount : complexityAfter;
  return ((value - lowerBound) / lowerBound) * 100;
}

/** Rounded up: it is said to be at most that. */
function ceiled(value: number): number {
  return Math.ceil(value * 10 - 1e-9) / 10;
}

const STOPS: Readonly<Record<string, string>> = {
  proven: 'The search ended because its result is proven to be the best.',
  converged: 'The search ended because nothing better was found any more.',
  steps: 'The search ended when its budget of steps was used up; the same data gives the same roles again.',
  time: 'The search was ended by the time limit: running it again may give other roles.',
};

function stopSentence({ stoppedBy }: RunFigures): string {
  return STOPS[stoppedBy] ?? `The search ended by: ${stoppedBy}.`;
}

const WIDTH = 720;
const BAR = 18;

function complexityChart({ complexityBefore, complexityAfter, objective, lowerBound }: RunFigures): Html | null {
  if (complexityBefore === 0) return null;
  const x = scaleLinear([0, Math.max(complexityBefore, complexityAfter)], [0, WIDTH]);
  const bound = objective === 'complexity' ? lowerBound : null;
  const text =
    `Complexity before ${count(complexityBefore)}, after ${count(complexityAfter)}` +
    (bound === null ? '.' : `; the proven lower bound is ${count(bound)}.`);
  return html`<figure class="bars">
    <svg viewBox="0 0 ${WIDTH} ${2 * BAR + 10}" role="img" aria-label="${text}" preserveAspectRatio="none">
      <rect class="bar-before" x="0" y="0" width="${round(x(complexityBefore))}" height="${BAR}" rx="2" />
      <rect class="bar-after" x="0" y="${BAR + 10}" width="${round(x(complexityAfter))}" height="${BAR}" rx="2" />
      ${bound !== null && html`<rect class="bar-bound" x="${round(x(bound) - 1)}" y="${BAR + 6}" width="2" height="${BAR + 4}" />`}
    </svg>
    <figcaption>
      <span><i class="key key-before"></i>before, ${count(complexityBefore)}</span>
      <span><i class="key key-after"></i>with the proposed roles, ${count(complexityAfter)}</span>
      ${bound !== null && html`<span><i class="key key-bound"></i>proven lower bound, ${count(bound)}</span>`}
    </figcaption>
  </figure>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

import Table from 'cli-table3';
import type { MiningResult, RoleCandidate, RoleSetMetrics } from '../../engine/index.js';

/** Candidates shown at most; the report has them all. */
const SHOWN = 40;

const LONGEST_NAME = 60;

/** The candidates as a table and what they amount to, for people. */
export function miningSummary(
  { candidates, roleSet, underCoverCurve, suspectedNoise }: MiningResult,
  assignmentCount: number,
  isColoured: boolean,
): string {
  const table = new Table({
    head: ['Candidate', 'Confidence', 'Members', 'Given to', 'Entitlements', 'New assignments'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: isColoured ? { compact: true } : { compact: true, head: [], border: [] },
  });
  for (const candidate of candidates.slice(0, SHOWN)) table.push(cells(candidate));
  const lines = candidates.length === 0 ? ['No role pays at these thresholds.'] : [table.toString()];
  if (candidates.length > SHOWN) lines.push(`… and ${number(candidates.length - SHOWN)} more (--json has all)`);

  const { metrics } = roleSet;
  lines.push(
    '',
    `Roles: ${number(metrics.roleCount)}, explaining ${percent(metrics.coverage)} of ${number(assignmentCount)} assignments; ` +
      `${number(metrics.directAssignments)} stay direct`,
    `Weighted structural complexity: ${number(metrics.wsc)}, of direct assignments alone ${number(assignmentCount)}`,
    ...(metrics.costModel === 'hierarchy' ? [inheritance(roleSet)] : []),
    `Roles needed for ${underCoverCurve.map((point) => `${point.coveragePercent}%: ${point.roleCount ?? '–'}`).join(', ')}`,
    `Quality: ${quality(metrics)}; mode ${roleSet.mode}, stopped by ${roleSet.stoppedBy}`,
  );
  if (suspectedNoise !== null) {
    const { missing, extra } = suspectedNoise;
    lines.push(
      `For review: ${number(missing.users.length)} assignments seem to be missing, ` +
        `${number(extra.users.length)} to be mistakes (--json lists them)`,
    );
  }
  if (roleSet.modeReason !== null) lines.push(roleSet.modeReason);
  return lines.join('\n');
}

function inheritance({ roles, metrics }: MiningResult['roleSet']): string {
  const seniors = roles.filter(({ juniors }) => juniors.length > 0).length;
  const onlyJunior = roles.filter(({ users }) => users.length === 0).length;
  return (
    `Hierarchy: ${number(seniors)} roles inherit from others (${number(metrics.roleHierarchyEdges)} inheritances, ` +
    `part of the complexity); ${number(onlyJunior)} are given to nobody but through their seniors`
  );
}

function cells({ name, role, explanation }: RoleCandidate): string[] {
  const characters = [...name];
  const shortened = characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : name;
  return [
    shortened,
    role.confidence.toFixed(2),
    ...[role.members, role.users, role.entitlements].map(({ length }) => number(length)),
    number(explanation.newAssignmentsCovered),
  ];
}

function quality({ costModel, lowerBound, gapPercent, boundReason, provenOptimal }: RoleSetMetrics): string {
  if (provenOptimal) return 'proven optimal';
  if (lowerBound === null || gapPercent === null) return `no lower bound (${boundReason})`;
  const least = costModel === 'roles' ? 'has fewer roles than' : 'has a complexity below';
  return `no role set ${least} ${number(lowerBound)}, at most ${gapPercent.toFixed(1)}% above the optimum`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function percent(share: number): string {
  // 100% is said of everything only.
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}

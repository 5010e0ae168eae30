import type { MiningResult } from '../../engine/index.js';
import type { FileOrganisation } from './read-organisation.js';

/** What was asked for, as it is written into the report. */
export interface ReportParameters {
  readonly min_users: number;
  readonly min_entitlements: number;
  readonly confidence_threshold: number;
  readonly objective: 'wsc' | 'roles';
  readonly complete: boolean;
  readonly seed: number;
  readonly time_limit: number | null;
}

export interface Timings {
  /** Reading the files. */
  readonly load: number;
  readonly mine: number;
  readonly total: number;
}

/** Direct assignments a piece: the report of a large organisation is longer than a string may be. */
const PAIRS_PER_PIECE = 10_000;

/**
 * The report of `mine --json` (docs: operating interface) piece by piece, a role a line, with the ids of the file.
 */
export function* miningReport(
  { organisation: { matrix }, userIds, entitlementIds }: FileOrganisation,
  { roleSet, candidates, underCoverCurve }: MiningResult,
  parameters: ReportParameters,
  timings: Timings,
): Generator<string> {
  const { metrics } = roleSet;
  const head = {
    users: matrix.userCount,
    entitlements: matrix.entitlementCount,
    assignments: matrix.assignmentCount,
    parameters,
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"roles": [`;
  for (const [index, { name, role }] of candidates.entries()) {
    const item = {
      name,
      entitlements: Array.from(role.entitlements, (entitlement) => entitlementIds[entitlement]),
      users: Array.from(role.users, (user) => userIds[user]),
      confidence: role.confidence,
    };
    yield `${index === 0 ? '\n' : ',\n'}${JSON.stringify(item)}`;
  }
  yield '\n],\n"direct": [';
  const { directUsers, directEntitlements } = roleSet;
  for (let from = 0; from < directUsers.length; from += PAIRS_PER_PIECE) {
    const pairs = Array.from(directUsers.subarray(from, from + PAIRS_PER_PIECE), (user, index) =>
      JSON.stringify([userIds[user], entitlementIds[directEntitlements[from + index]]]),
    );
    yield `${from === 0 ? '\n' : ',\n'}${pairs.join(',\n')}`;
  }
  const tail = {
    metrics: {
      role_count: metrics.roleCount,
      user_assignments: metrics.userAssignments,
      permission_assignments: metrics.permissionAssignments,
      direct_assignments: metrics.directAssignments,
      wsc: metrics.wsc,
      coverage: metrics.coverage,
      cost_model: metrics.costModel,
      lower_bound: metrics.lowerBound,
      gap_percent: metrics.gapPercent,
      bound_reason: metrics.boundReason,
      proven_optimal: metrics.provenOptimal,
    },
    under_cover: underCoverCurve.map((point) => ({
      coverage_percent: point.coveragePercent,
      role_count: point.roleCount,
    })),
    mode: roleSet.mode,
    mode_reason: roleSet.modeReason,
    stopped_by: roleSet.stoppedBy,
    steps: roleSet.steps,
    timings_ms: timings,
  };
  yield `\n],\n${JSON.stringify(tail).slice(1)}\n`;
}

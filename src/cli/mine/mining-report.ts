import type { MiningResult } from '../../engine/index.js';
import type { FileOrganisation } from './read-organisation.js';

/** What was asked for, as it is written into the report. */
export interface ReportParameters {
  readonly min_users: number;
  readonly min_entitlements: number;
  readonly confidence_threshold: number;
  readonly objective: 'wsc' | 'roles';
  readonly complete: boolean;
  readonly hierarchy: boolean;
  readonly role_weight: number;
  readonly seed: number;
  readonly time_limit: number | null;
}

export interface Timings {
  /** Reading the files. */
  readonly load: number;
  readonly mine: number;
  readonly total: number;
}

/** Direct or suspected grants a piece: the report of a large organisation is longer than a string may be. */
const GRANTS_PER_PIECE = 10_000;

/**
 * The report of `mine --json` (docs: operating interface) piece by piece, a role a line, with the ids of the file.
 */
export function* miningReport(
  { organisation: { matrix }, userIds, entitlementIds }: FileOrganisation,
  { roleSet, candidates, underCoverCurve, suspectedNoise }: MiningResult,
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
  for (const [index, { name, role, juniors }] of candidates.entries()) {
    const item = {
      name,
      entitlements: Array.from(role.entitlements, (entitlement) => entitlementIds[entitlement]),
      ...(parameters.hierarchy && {
        own_entitlements: Array.from(role.ownEntitlements, (entitlement) => entitlementIds[entitlement]),
        juniors: juniors.map((junior) => candidates[junior].name),
      }),
      users: Array.from(role.users, (user) => userIds[user]),
      confidence: role.confidence,
    };
    yield `${index === 0 ? '\n' : ',\n'}${JSON.stringify(item)}`;
  }
  yield '\n],\n"direct": [';
  const { directUsers, directEntitlements } = roleSet;
  yield* grantLines(directUsers.length, (at) => [userIds[directUsers[at]], entitlementIds[directEntitlements[at]]]);
  yield '\n],\n';
  if (suspectedNoise !== null) {
    const suspected = ({ users, entitlements, scores }: typeof suspectedNoise.missing): Generator<string> =>
      grantLines(users.length, (at) => [
        userIds[users[at]],
        entitlementIds[entitlements[at]],
        Math.round(1000 * scores[at]) / 1000,
      ]);
    yield '"suspected": {\n"missing": [';
    yield* suspected(suspectedNoise.missing);
    yield '\n],\n"extra": [';
    yield* suspected(suspectedNoise.extra);
    yield '\n]},\n';
  }
  const tail = {
    metrics: {
      role_count: metrics.roleCount,
      user_assignments: metrics.userAssignments,
      permission_assignments: metrics.permissionAssignments,
      ...(parameters.hierarchy && { role_hierarchy_edges: metrics.roleHierarchyEdges }),
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
    trade_off: roleSet.tradeOff.map(({ roleCount, wsc }) => ({ role_count: roleCount, wsc })),
    mode: roleSet.mode,
    mode_reason: roleSet.modeReason,
    stopped_by: roleSet.stoppedBy,
    steps: roleSet.steps,
    timings_ms: timings,
  };
  yield `${JSON.stringify(tail).slice(1)}\n`;
}

/** A grant a line, in pieces. */
function* grantLines(count: number, grantAt: (at: number) => readonly (string | number)[]): Generator<string> {
  for (let from = 0; from < count; from += GRANTS_PER_PIECE) {
    const length = Math.min(GRANTS_PER_PIECE, count - from);
    const lines = Array.from({ length }, (_, index) => JSON.stringify(grantAt(from + index)));
    yield `${from === 0 ? '\n' : ',\n'}${lines.join(',\n')}`;
  }
}

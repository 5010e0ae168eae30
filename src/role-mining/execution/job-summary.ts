import type { AccessSnapshot } from '../../access-graph/snapshot/access-snapshot.js';
import { ENGINE_VERSION, type MiningResult } from '../../engine/index.js';
import type { MiningJobSummary } from '../jobs/job-summary.js';
import { SEED } from './mining-options.js';
import type { Stopwatch } from './stopwatch.js';

export function jobSummary(snapshot: AccessSnapshot, result: MiningResult, watch: Stopwatch): MiningJobSummary {
  const { roleSet } = result;
  const { metrics } = roleSet;
  const assignments = snapshot.access.values.length;
  return {
    engineVersion: ENGINE_VERSION,
    seed: SEED,
    snapshotAt: snapshot.takenAt.toISOString(),
    snapshotHash: snapshot.hash,
    users: snapshot.userIds.length,
    entitlements: snapshot.entitlementIds.length,
    assignments,
    coveredAssignments: assignments - metrics.directAssignments,
    coveragePercent: metrics.coverage * 100,
    directAssignments: metrics.directAssignments,
    roleCount: metrics.roleCount,
    complexityBefore: assignments,
    complexityAfter: metrics.wsc,
    costModel: metrics.costModel,
    lowerBound: metrics.lowerBound,
    gapPercent: metrics.gapPercent,
    boundReason: metrics.boundReason,
    provenOptimal: metrics.provenOptimal,
    mode: roleSet.mode,
    modeReason: roleSet.modeReason,
    stoppedBy: roleSet.stoppedBy,
    steps: roleSet.steps,
    roleHierarchyEdges: metrics.roleHierarchyEdges,
    tradeOff: roleSet.tradeOff,
    underCoverCurve: result.underCoverCurve,
    patternCount: result.patterns.length,
    suspectedMissingCount: result.suspectedNoise?.missing.users.length ?? 0,
    suspectedExtraCount: result.suspectedNoise?.extra.users.length ?? 0,
    suggestionsTruncated: result.roleOverlaps.truncated,
    durationMs: watch.durations,
  };
}

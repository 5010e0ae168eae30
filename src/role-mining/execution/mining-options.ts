import type { WorkerConfig } from '../../config/config.js';
import type { MiningOptions, Organisation } from '../../engine/index.js';
import type { MiningJobParameters } from '../jobs/job-parameters.js';

/** Access patterns that a job keeps: those with the largest area. */
const PATTERN_LIMIT = 1_000;
/** Contract: at most so many consolidation suggestions, the strongest. */
const SUGGESTION_LIMIT = 10_000;
/** Suspected missing, and suspected extra, grants that a job keeps: the surest. */
const SUSPICION_LIMIT = 5_000;
/** The same for every job, so that running one again gives the same result. */
export const SEED = 0;

/** What the engine is asked for by a job's parameters. */
export function miningOptionsOf(
  parameters: MiningJobParameters,
  organisation: Organisation,
  { timeLimitSeconds, hierarchy, roleWeight }: WorkerConfig,
): MiningOptions {
  const { minUsers, minEntitlements, confidenceThreshold, peerGroupAttribute } = parameters;
  return {
    patterns: { minUsers, minEntitlements, limit: PATTERN_LIMIT },
    roleSet: {
      objective: 'wsc',
      complete: false,
      hierarchy,
      roleWeight,
      minUsers,
      minEntitlements,
      confidenceThreshold,
      seed: SEED,
      timeLimitSeconds,
    },
    excessivePrivileges: parameters.includeExcessivePrivilege
      ? {
          deviationThresholdPercent: parameters.deviationThreshold,
          minUsers,
          peerGroupAttribute: attributeIndex(organisation, peerGroupAttribute),
        }
      : null,
    roleOverlaps: parameters.includeConsolidation
      ? { thresholdPercent: parameters.consolidationThreshold, limit: SUGGESTION_LIMIT }
      : null,
    suspectedNoise: { limit: SUSPICION_LIMIT },
  };
}

/** Nobody has the attribute: everybody is compared with the whole tenant, as the contract has it for users without it. */
function attributeIndex(organisation: Organisation, name: string | null): number | null {
  const index = organisation.attributes.findIndex((attribute) => attribute.name === name);
  return index < 0 ? null : index;
}

import type { RoleOverlapOptions } from './consolidation/role-overlap.js';
import type { ExcessivePrivilegeOptions } from './excessive-privileges/excessive-privilege.js';
import type { PatternOptions } from './patterns/access-pattern.js';
import type { SuspectedNoiseOptions } from './suspected-noise/find-suspected-noise.js';
import type { RoleSetOptions } from './role-set/role-set.js';

/** What a mining run is asked for; null leaves an analysis out. */
export interface MiningOptions {
  patterns: PatternOptions | null;
  roleSet: RoleSetOptions;
  excessivePrivileges: ExcessivePrivilegeOptions | null;
  roleOverlaps: RoleOverlapOptions | null;
  suspectedNoise: SuspectedNoiseOptions | null;
}

/** More would make roles dearer than all assignments that there may be. */
const MOST_ROLE_WEIGHT = 1_000_000;

/**
 * Says at once what no analysis could work with, before any of them starts. Thresholds larger than the data are fine:
 * they find nothing.
 *
 * @throws RangeError naming the option, what was given and what is expected
 */
export function checkMiningOptions(options: MiningOptions): void {
  const { patterns, roleSet, excessivePrivileges, roleOverlaps, suspectedNoise } = options;
  if (patterns !== null) {
    checkCount('patterns.minUsers', patterns.minUsers);
    checkCount('patterns.minEntitlements', patterns.minEntitlements);
    if (patterns.limit !== Infinity) checkCount('patterns.limit', patterns.limit);
  }
  checkCount('roleSet.minUsers', roleSet.minUsers);
  checkCount('roleSet.minEntitlements', roleSet.minEntitlements);
  checkRange('roleSet.confidenceThreshold', roleSet.confidenceThreshold, 0, 1);
  if ((roleSet.seed | 0) !== roleSet.seed) {
    throw new RangeError(`roleSet.seed must be a 32-bit integer, got ${roleSet.seed}`);
  }
  if (roleSet.hierarchy === true && roleSet.objective !== 'wsc') {
    throw new RangeError(`roleSet.hierarchy is for the objective wsc, got ${roleSet.objective}`);
  }
  if (roleSet.roleWeight !== undefined) checkRange('roleSet.roleWeight', roleSet.roleWeight, 0, MOST_ROLE_WEIGHT);
  if (roleSet.stepBudget !== undefined) checkRange('roleSet.stepBudget', roleSet.stepBudget, 0, Infinity);
  if (roleSet.timeLimitSeconds !== undefined) {
    checkRange('roleSet.timeLimitSeconds', roleSet.timeLimitSeconds, 0, Infinity);
  }
  if (excessivePrivileges !== null) {
    checkCount('excessivePrivileges.minUsers', excessivePrivileges.minUsers);
    const { deviationThresholdPercent } = excessivePrivileges;
    checkRange('excessivePrivileges.deviationThresholdPercent', deviationThresholdPercent, 0, Infinity);
  }
  if (roleOverlaps !== null) {
    checkCount('roleOverlaps.limit', roleOverlaps.limit);
    checkRange('roleOverlaps.thresholdPercent', roleOverlaps.thresholdPercent, 0, 100);
  }
  if (suspectedNoise !== null) checkCount('suspectedNoise.limit', suspectedNoise.limit);
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
  }
}

function checkRange(name: string, value: number, from: number, to: number): void {
  if (!(value >= from && value <= to)) {
    const range = to === Infinity ? `at least ${from}` : `between ${from} and ${to}`;
    throw new RangeError(`${name} must be ${range}, got ${value}`);
  }
}

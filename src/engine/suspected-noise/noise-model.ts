import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { SparseLists } from '../role-set/fast/sparse-lists.js';

/**
 * What disturbance costs, in nats: negative logarithms of the probabilities of a generative model in which users have
 * blocks of entitlements and cells flip independently (in the spirit of Frank, Buhmann and Basin, "Role mining with
 * probabilistic models", TISSEC 2013, with hard assignments in place of sampling).
 */
export interface NoiseModel {
  /** Of an entitlement that a block grants and the user lacks. */
  readonly missingCost: number;
  /** Of an entitlement that the user holds and no block grants, per entitlement. */
  readonly extraCosts: Float64Array;
  /**
   * Which share of the extras of an entitlement are mistakes: 1, but less for those that many hold without any block.
   * They are granted person by person, which is no mistake.
   */
  readonly mistakenShares: Float64Array;
  /** Assignments that blocks explain, per user, at least 1: mistakes come in proportion to access. */
  readonly grantedPerUser: number;
}

/**
 * An entitlement is individual when most of its holders have it without a block (mistakes clustered in few departments
 * fall on what blocks grant as a rule; told by counts alone, a tenth of them were taken for individual grants) …
 */
const individualShare = 0.5;
/** … these holders are so many times as many as of the median entitlement, which only mistakes leave over … */
const individualFactor = 3;
/** … and at least so many. */
const individualUsers = 20;

/** Before anything is known: 2% of the assignments are missing and as many extra. */
export function firstNoiseModel(assignmentCount: number, userCount: number, entitlementCount: number): NoiseModel {
  const rate = (0.02 * assignmentCount) / Math.max(1, userCount * entitlementCount);
  return {
    missingCost: costOf(0.02, 0.001, 0.2),
    extraCosts: new Float64Array(entitlementCount).fill(costOf(rate, 1e-7, 0.05)),
    mistakenShares: new Float64Array(entitlementCount).fill(1),
    grantedPerUser: Math.max(1, assignmentCount / Math.max(1, userCount)),
  };
}

/** What the blocks grant, all rows together. */
export interface GrantCounts {
  /** Cells that no block grants. */
  readonly leftovers: SparseLists;
  /** Cells that a block grants, and those of them that do not exist. */
  readonly granted: number;
  readonly missing: number;
}

/**
 * The rates seen in the last explanation of all rows, and the entitlements that stand out.
 *
 * @param settled whether the blocks are known well enough to tell individual entitlements from unknown blocks
 */
export function fitNoiseModel(
  matrix: AccessMatrix,
  { missing, granted, leftovers }: GrantCounts,
  settled: boolean,
): NoiseModel {
  const { userCount, entitlementCount } = matrix;
  const leftOf = countsPerColumn(leftovers);
  const isIndividual = settled ? individualEntitlements(countsPerColumn(matrix), leftOf) : null;
  let left = leftovers.rowColumns.length;
  if (isIndividual !== null) leftOf.forEach((count, entitlement) => (left -= isIndividual[entitlement] * count));
  const rate = (left + 1) / Math.max(1, userCount * entitlementCount - granted);
  const common = costOf(rate, 1e-7, 0.05);
  const extraCosts = new Float64Array(entitlementCount).fill(common);
  const mistakenShares = new Float64Array(entitlementCount).fill(1);
  isIndividual?.forEach((individual, entitlement) => {
    if (individual === 0) return;
    extraCosts[entitlement] = costOf(leftOf[entitlement] / userCount, 1e-7, 0.9);
    mistakenShares[entitlement] = Math.min(1, (rate * userCount) / leftOf[entitlement]);
  });
  return {
    missingCost: costOf((missing + 1) / (granted + 50), 0.001, 0.2),
    extraCosts,
    mistakenShares,
    grantedPerUser: Math.max(1, (granted - missing) / Math.max(1, userCount)),
  };
}

/** 1 where individual. */
function individualEntitlements(holders: Int32Array, leftOf: Int32Array): Uint8Array {
  const median = leftOf.toSorted()[leftOf.length >> 1];
  const bound = Math.max(individualUsers, individualFactor * median);
  return Uint8Array.from(leftOf, (left, e) => (left > bound && left > individualShare * holders[e] ? 1 : 0));
}

function countsPerColumn({ columnOffsets }: SparseLists): Int32Array {
  return Int32Array.from(
    { length: columnOffsets.length - 1 },
    (_, column) => columnOffsets[column + 1] - columnOffsets[column],
  );
}

function costOf(rate: number, least: number, most: number): number {
  return -Math.log(Math.max(least, Math.min(most, rate)));
}

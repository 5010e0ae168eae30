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
  /** 1 for entitlements that many hold without any block: granted person by person, which is no noise. */
  readonly isIndividual: Uint8Array;
}

/**
 * An entitlement is individual when it is left over this many times as often as nine tenths of all entitlements are. (By
 * the mean instead, either noise clustered in few departments or entitlements that 1% hold fell on the wrong side.)
 */
const individualFactor = 3;
/** And for at least so many users. */
const individualUsers = 20;

/** Before anything is known: 2% of the assignments are missing and as many extra. */
export function firstNoiseModel(assignmentCount: number, userCount: number, entitlementCount: number): NoiseModel {
  const rate = (0.02 * assignmentCount) / Math.max(1, userCount * entitlementCount);
  return {
    missingCost: costOf(0.02, 0.001, 0.2),
    extraCosts: new Float64Array(entitlementCount).fill(costOf(rate, 1e-7, 0.05)),
    isIndividual: new Uint8Array(entitlementCount),
  };
}

/**
 * The rates seen in the last explanation of all rows, and the entitlements that stand out.
 *
 * @param leftovers cells that no block grants
 * @param settled whether the blocks are known well enough to tell individual entitlements from unknown blocks
 */
export function fitNoiseModel(
  missing: number,
  granted: number,
  leftovers: SparseLists,
  userCount: number,
  settled: boolean,
): NoiseModel {
  const { columnOffsets, rowColumns } = leftovers;
  const entitlementCount = columnOffsets.length - 1;
  const isIndividual = new Uint8Array(entitlementCount);
  const leftOf = (entitlement: number): number => columnOffsets[entitlement + 1] - columnOffsets[entitlement];
  let left = rowColumns.length;
  if (settled) {
    const counts = Int32Array.from(isIndividual, (_, entitlement) => leftOf(entitlement)).sort();
    const bound = Math.max(individualUsers, individualFactor * counts[Math.floor(0.9 * counts.length)]);
    for (let entitlement = 0; entitlement < entitlementCount; entitlement++) {
      if (leftOf(entitlement) <= bound) continue;
      isIndividual[entitlement] = 1;
      left -= leftOf(entitlement);
    }
  }
  const cells = Math.max(1, userCount * entitlementCount - granted);
  const common = costOf((left + 1) / cells, 1e-7, 0.05);
  return {
    missingCost: costOf((missing + 1) / (granted + 50), 0.001, 0.2),
    extraCosts: Float64Array.from(isIndividual, (individual, entitlement) =>
      individual === 1 ? costOf(leftOf(entitlement) / userCount, 1e-7, 0.9) : common,
    ),
    isIndividual,
  };
}

function costOf(rate: number, least: number, most: number): number {
  return -Math.log(Math.max(least, Math.min(most, rate)));
}

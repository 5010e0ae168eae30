import type { EngineControl } from '../control.js';
import type { ExistingRoles, IntegerLists } from '../organisation.js';
import type { RoleOverlap, RoleOverlapOptions, RoleOverlaps } from './role-overlap.js';
import { RankedSets } from './ranked-sets.js';
import { joinSimilarSets } from './similarity-join.js';
import { StrongestPairs, type SimilarPair } from './strongest-pairs.js';

/**
 * Thresholds tried before a lower one that was asked for: a join costs the less the higher its threshold, and when more
 * pairs than the limit reach one of these, the strongest are already known.
 */
const LADDER_PERCENT = [80, 50, 25];

/**
 * Pairs of existing roles whose entitlement sets overlap by at least the threshold, strongest first: a similarity join
 * finds them, only those within the limit are described in full. Once cancelled it returns some of them. Source: the
 * results contract.
 */
export function findRoleOverlaps(
  roles: Pick<ExistingRoles, 'entitlements' | 'members'>,
  { thresholdPercent, limit }: RoleOverlapOptions,
  control: EngineControl = {},
): RoleOverlaps {
  const sets = new RankedSets(roles.entitlements);
  const ladder = [...LADDER_PERCENT.filter((percent) => percent > thresholdPercent), thresholdPercent];
  let found: { pairs: readonly SimilarPair[]; truncated: boolean } = { pairs: [], truncated: false };
  for (const [rung, percent] of ladder.entries()) {
    if (found.truncated || control.isCancelled?.() === true) break;
    const strongest = new StrongestPairs(percent, limit);
    joinSimilarSets(sets, strongest, {
      ...control,
      onProgress: (fraction) => control.onProgress?.((rung + fraction) / ladder.length),
    });
    found = strongest.finish();
  }
  return { overlaps: found.pairs.map((pair) => describe(roles, pair)), truncated: found.truncated };
}

function describe(
  { entitlements, members }: Pick<ExistingRoles, 'entitlements' | 'members'>,
  { a, b, overlapPercent }: SimilarPair,
): RoleOverlap {
  const ofA = listAt(entitlements, a);
  const ofB = listAt(entitlements, b);
  const { shared, onlyFirst, onlySecond } = compareLists(ofA, ofB);
  const membersTogether = compareLists(listAt(members, a), listAt(members, b));
  const memberUnion =
    membersTogether.shared.length + membersTogether.onlyFirst.length + membersTogether.onlySecond.length;
  return {
    roleA: a,
    roleB: b,
    overlapPercent,
    containmentPercent: (100 * shared.length) / ofB.length,
    memberOverlapPercent: memberUnion === 0 ? 0 : (100 * membersTogether.shared.length) / memberUnion,
    sharedEntitlements: Int32Array.from(shared),
    uniqueToA: Int32Array.from(onlyFirst),
    uniqueToB: Int32Array.from(onlySecond),
  };
}

function listAt({ offsets, values }: IntegerLists, index: number): Int32Array {
  return values.subarray(offsets[index], offsets[index + 1]);
}

/** Splits two ascending lists into what they share and what only one of them has, by one merge. */
function compareLists(
  first: Int32Array,
  second: Int32Array,
): { shared: number[]; onlyFirst: number[]; onlySecond: number[] } {
  const shared: number[] = [];
  const onlyFirst: number[] = [];
  const onlySecond: number[] = [];
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    if (j === second.length || first[i] < second[j]) onlyFirst.push(first[i++]);
    else if (i === first.length || second[j] < first[i]) onlySecond.push(second[j++]);
    else {
      shared.push(first[i++]);
      j++;
    }
  }
  return { shared, onlyFirst, onlySecond };
}

import { UnusableInputError } from './verification.error.js';

/** Users times entitlements (groups of them), every pair of which is held, and to which none can be added. */
export interface Block {
  readonly users: readonly number[];
  readonly entitlements: readonly number[];
}

/** More would take minutes. */
const MOST_BLOCKS = 100_000;

/**
 * All maximal blocks of rows that are not empty: their sets of entitlements are what any users have in common. One user after the other is met with
 * all sets so far (Norris, "An algorithm for computing the maximal rectangles in a binary relation", 1978): simple rather
 * than quick, O(blocks · users · entitlements ÷ 32).
 *
 * @throws UnusableInputError when there are too many
 */
export function maximalBlocks(rows: readonly ReadonlySet<number>[], entitlementCount: number): Block[] {
  const words = Math.ceil(entitlementCount / 32);
  const bits = rows.map((row) => bitsOf(row, words));
  const sets = new Map<string, Uint32Array>();
  for (const row of bits) {
    const found = [row];
    for (const set of sets.values()) {
      const common = set.map((word, at) => word & row[at]);
      if (common.some((word) => word !== 0)) found.push(common);
    }
    for (const set of found) sets.set(keyOf(set), set);
    if (sets.size > MOST_BLOCKS) {
      throw new UnusableInputError(`the data have more than ${MOST_BLOCKS} maximal roles: too many to check a bound`);
    }
  }
  return Array.from(sets.values(), (set) => ({
    users: [...bits.keys()].filter((user) => set.every((word, at) => (word & ~bits[user][at]) === 0)),
    entitlements: Array.from({ length: entitlementCount }, (_, entitlement) => entitlement).filter(
      (entitlement) => (set[entitlement >>> 5] >>> (entitlement & 31)) & 1,
    ),
  }));
}

function bitsOf(row: ReadonlySet<number>, words: number): Uint32Array {
  const bits = new Uint32Array(words);
  for (const entitlement of row) bits[entitlement >>> 5] |= 1 << (entitlement & 31);
  return bits;
}

function keyOf(set: Uint32Array): string {
  return Buffer.from(set.buffer).toString('latin1');
}

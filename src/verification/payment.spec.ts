import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findTooDear, type PricedBlock } from './payment.js';

const amounts = (length: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max }), { minLength: length, maxLength: length });

const blocks: fc.Arbitrary<PricedBlock> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([users, entitlements]) =>
    fc.record({
      values: amounts(users * entitlements, 6),
      userBudgets: amounts(users, 9),
      entitlementBudgets: amounts(entitlements, 9),
      sharedBudget: fc.integer({ min: 0, max: 8 }),
    }),
  );

/** Worth of a part less what its users and entitlements can pay. */
function excess(
  { values, userBudgets, entitlementBudgets }: PricedBlock,
  users: number[],
  entitlements: number[],
): number {
  let sum = 0;
  for (const user of users) {
    sum -= userBudgets[user];
    for (const entitlement of entitlements) sum += values[user * entitlementBudgets.length + entitlement];
  }
  return entitlements.reduce((rest, entitlement) => rest - entitlementBudgets[entitlement], sum);
}

function subsets(count: number): number[][] {
  const all = Array.from({ length: count }, (_, place) => place);
  return Array.from({ length: 1 << count }, (_, set) => all.filter((place) => (set >> place) & 1));
}

describe('findTooDear', () => {
  it('finds a part that is too dear exactly where there is one', () => {
    fc.assert(
      fc.property(blocks, (block) => {
        const entitlementSets = subsets(block.entitlementBudgets.length);
        const most = Math.max(
          ...subsets(block.userBudgets.length).flatMap((users) =>
            entitlementSets.map((entitlements) => excess(block, users, entitlements)),
          ),
        );
        const found = findTooDear(block);

        if (most <= block.sharedBudget) expect(found).toBeNull();
        else {
          expect(found).not.toBeNull();
          expect(excess(block, [...found!.users], [...found!.entitlements])).toBe(most);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { reduceMatrix } from '../matrix/reduce.js';
import { SearchMeter } from '../role-set/search/search-meter.js';
import { WeightedUpa } from '../role-set/search/weighted-upa.js';
import { HierarchyState } from './hierarchy-state.js';

const MOST_PERMISSIONS = 40;

function stateOf(lists: readonly (readonly number[])[]): HierarchyState {
  const upa = new WeightedUpa(reduceMatrix(accessMatrixFromLists(lists, MOST_PERMISSIONS)));
  return new HierarchyState(upa, { role: 1, direct: 1 }, new SearchMeter({}, Infinity));
}

/** Everything that the state says of itself, counted anew and plainly. */
function expectConsistent(state: HierarchyState): void {
  const { upa, roles } = state;
  const targets = [...Array(state.userCount).keys(), ...roles];
  const sets = new Map(targets.map((target) => [target, new Set(state.bits.permissionsOf(target))]));
  let cost = 0;
  const uses = new Map(roles.map((role) => [role, 0]));
  for (const target of targets) {
    const set = sets.get(target)!;
    const inside = roles.filter(
      (role) => role !== target && [...sets.get(role)!].every((permission) => set.has(permission)),
    );
    expect(inside.toSorted((a, b) => a - b)).toEqual(state.within[target].toSorted((a, b) => a - b));
    for (const role of inside) {
      expect(state.targetsOf[role]).toContain(target);
      expect(sets.get(role)!.size < set.size || target < state.userCount).toBe(true);
    }
    const cover = state.covers[target];
    expect(inside).toEqual(expect.arrayContaining([...cover]));
    expect(new Set(cover).size).toBe(cover.length);
    cover.forEach((role) => uses.set(role, uses.get(role)! + 1));
    const left = [...set].filter((permission) => !cover.some((role) => sets.get(role)!.has(permission)));
    const rest = left.reduce((sum, permission) => sum + upa.permissionWeights[permission], 0);
    expect(state.rests[target]).toBe(rest);
    cost += target < state.userCount ? upa.userWeights[target] * (cover.length + rest) : 1 + cover.length + rest;
  }
  for (const role of roles) {
    expect(state.useCounts[role]).toBe(uses.get(role));
    expect(state.targetsOf[role].toSorted((a, b) => a - b)).toEqual(
      targets.filter((target) => state.within[target].includes(role)).toSorted((a, b) => a - b),
    );
  }
  expect(state.cost).toBeCloseTo(cost, 9);
}

describe('HierarchyState', () => {
  const rows = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: MOST_PERMISSIONS - 1 }), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 8,
  });
  const steps = fc.array(
    fc.record({
      kind: fc.constantFrom('add' as const, 'add' as const, 'remove' as const, 'cover' as const, 'settle' as const),
      users: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }),
      which: fc.nat(50),
      keep: fc.boolean(),
    }),
    { maxLength: 30 },
  );

  it('stays what a plain count says, whatever is added, removed, covered again and taken back', () => {
    fc.assert(
      fc.property(rows, steps, (lists, moves) => {
        const state = stateOf(lists);
        if (state.userCount === 0) return;
        for (const { kind, users, which, keep } of moves) {
          if (kind === 'add') {
            const sets = users.map((user) => new Set(state.bits.permissionsOf(user % state.userCount)));
            const common = [...sets[0]].filter((permission) => sets.every((set) => set.has(permission)));
            const role = state.addRole(state.bits.setOf(common));
            if (role >= 0) {
              state.coverAgain(role, []);
              for (const target of [...state.targetsOf[role]]) {
                const before = state.cost;
                if (state.offer(role, target)) expect(state.cost).toBeLessThan(before);
                else expect(state.cost).toBe(before);
              }
            }
          } else if (kind === 'remove') {
            if (state.roles.length > 0) state.removeRole(state.roles[which % state.roles.length], Infinity);
          } else if (kind === 'cover') state.coverAgain(which % state.userCount, []);
          else if (keep) state.commit();
          else state.rollbackTo(0);
          expectConsistent(state);
        }
        const solution = state.solution();
        const { cost } = state;
        state.show(solution);
        expectConsistent(state);
        expect(state.cost).toBeCloseTo(cost, 9);
      }),
      { numRuns: 200 },
    );
  });

  it('takes no empty set and no set twice', () => {
    const state = stateOf([
      [0, 1],
      [0, 2],
    ]);

    expect(state.addRole(state.bits.setOf([]))).toBe(-1);
    expect(state.addRole(state.bits.setOf([0]))).toBeGreaterThanOrEqual(0);
    expect(state.addRole(state.bits.setOf([0]))).toBe(-1);
    expect(state.roles).toHaveLength(1);
  });
});

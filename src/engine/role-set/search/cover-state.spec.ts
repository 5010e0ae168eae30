import { describe, expect, it } from '@jest/globals';
import { accessMatrixFromLists } from '../../matrix/access-matrix.js';
import { reduceMatrix } from '../../matrix/reduce.js';
import { SeededRandom } from '../../random.js';
import { ROLES_ALONE } from './cost-model.js';
import { CoverState } from './cover-state.js';
import { pruneTouched } from './prune.js';
import { Recreate } from './recreate.js';
import { RoleRules } from './role-rules.js';
import { ruin } from './ruin.js';
import { SearchMeter } from './search-meter.js';
import { WeightedUpa } from './weighted-upa.js';

const anything = { minUsers: 1, minEntitlements: 1, confidenceThreshold: 0 };
const matrix = accessMatrixFromLists(
  Array.from({ length: 40 }, (_, user) => [...new Set([0, 1, 2, 3].map((i) => (user * 3 + i * i) % 15))]),
  15,
);

function searchOver(upa: WeightedUpa): { state: CoverState; rules: RoleRules; random: SeededRandom } {
  const meter = new SearchMeter({}, Infinity);
  const random = new SeededRandom(5);
  const rules = new RoleRules(upa, anything, matrix.userCount, random, meter);
  return { state: new CoverState(upa, ROLES_ALONE, meter), rules, random };
}

/** Everything that the state keeps up to date, in an order of its own, and counted anew from the roles. */
function kept(state: CoverState): unknown {
  const { upa } = state;
  const roles = state.roles
    .map((role) => [[...state.usersOf[role]].sort(), [...state.permissionsOf[role]].sort()])
    .sort((a, b) => String(a).localeCompare(String(b)));
  const uncovered = [...state.uncoveredEdges.subarray(0, state.uncoveredCount)].sort((a, b) => a - b);
  return {
    roles,
    uncovered,
    coverage: [...state.coverage],
    cost: state.cost,
    waiting: [...state.uncoveredOfUser],
    upa,
  };
}

function counted(state: CoverState): unknown {
  const fresh = searchOver(state.upa).state;
  for (const role of state.roles) fresh.addRole(state.usersOf[role], state.permissionsOf[role]);
  return kept(fresh);
}

describe('CoverState', () => {
  it('stays exact through ruin, recreate and prune, and takes everything back', () => {
    const { state, rules, random } = searchOver(new WeightedUpa(reduceMatrix(matrix)));
    const recreate = new Recreate(state, rules, random);
    recreate.cover([...state.uncoveredEdges], 2);
    state.commit();
    for (let move = 0; move < 200; move++) {
      const before = kept(state);
      ruin(state, rules, random);
      recreate.cover([...state.loosenedEdges], 2);
      pruneTouched(state, rules);
      expect(kept(state)).toEqual(counted(state));
      expect(state.uncoveredCount).toBe(0);
      if (move % 2 === 0) {
        state.commit();
      } else {
        state.rollback();
        expect(kept(state)).toEqual(before);
      }
    }
  });
});

describe('WeightedUpa', () => {
  it('numbers edges alike by table and by search in the rows', () => {
    const reduced = reduceMatrix(matrix);
    const [dense, sparse] = [new WeightedUpa(reduced), new WeightedUpa(reduced, 0)];
    for (let user = 0; user < dense.userCount; user++) {
      for (let permission = 0; permission < dense.permissionCount; permission++) {
        expect(sparse.edgeOf(user, permission)).toBe(dense.edgeOf(user, permission));
      }
    }
  });
});

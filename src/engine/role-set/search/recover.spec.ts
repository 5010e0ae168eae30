import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../../matrix/access-matrix.js';
import { reduceMatrix } from '../../matrix/reduce.js';
import { SeededRandom } from '../../random.js';
import { type CostModel, fewestRoles, ROLES_ALONE, WITH_DIRECT } from './cost-model.js';
import { CoverState } from './cover-state.js';
import { Recover } from './recover.js';
import { RoleRules } from './role-rules.js';
import { SearchMeter } from './search-meter.js';
import { WeightedUpa } from './weighted-upa.js';

/** The roles given, as far as the users hold all of them. */
function stateOf(
  lists: readonly number[][],
  costs: CostModel,
  roles: readonly (readonly number[])[],
): { state: CoverState; recover: Recover } {
  const upa = new WeightedUpa(reduceMatrix(accessMatrixFromLists(lists, 6)));
  const meter = new SearchMeter({}, Infinity);
  const state = new CoverState(upa, costs, meter);
  const thresholds = { minUsers: 1, minEntitlements: 1, confidenceThreshold: 0 };
  const rules = new RoleRules(upa, thresholds, lists.length, new SeededRandom(1), meter);
  for (const wanted of roles) {
    const permissions = [...new Set(wanted)].filter((permission) => permission < upa.permissionCount);
    const users = Array.from({ length: upa.userCount }, (_, user) => user).filter((user) =>
      permissions.every((permission) => upa.edgeOf(user, permission) >= 0),
    );
    if (permissions.length > 0 && users.length > 0) state.addRole(users, permissions);
  }
  state.commit();
  return { state, recover: new Recover(state, rules) };
}

describe('Recover', () => {
  const member = fc.integer({ min: 0, max: 5 });
  const lists = fc.array(fc.uniqueArray(member), { minLength: 1, maxLength: 8 });
  const roles = fc.array(fc.uniqueArray(member, { minLength: 1, maxLength: 4 }), { maxLength: 8 });

  it('never makes a solution worse, and keeps it exact', () => {
    const models = fc.constantFrom(ROLES_ALONE, WITH_DIRECT, fewestRoles(40));
    fc.assert(
      fc.property(lists, models, roles, fc.constantFrom(Infinity, 60), (rows, costs, wanted, workLimit) => {
        const { state, recover } = stateOf(rows, costs, wanted);
        const before = state.cost;
        recover.run(workLimit);

        expect(state.cost).toBeLessThanOrEqual(before + 1e-9);
        const fresh = new CoverState(state.upa, costs, new SearchMeter({}, Infinity));
        for (const role of state.roles) {
          for (const user of state.usersOf[role]) {
            for (const permission of state.permissionsOf[role]) {
              expect(state.upa.edgeOf(user, permission)).toBeGreaterThanOrEqual(0);
            }
          }
          fresh.addRole(state.usersOf[role], state.permissionsOf[role]);
        }
        expect([...state.coverage]).toEqual([...fresh.coverage]);
        expect(state.cost).toBeCloseTo(fresh.cost, 6);
      }),
      { numRuns: 500 },
    );
  });

  it('gives users one role where they had two, and drops what does not pay', () => {
    const rows = [...Array.from({ length: 4 }, (_, user) => [0, 1, 2, user === 0 ? 3 : 2]), [4, 5]];
    const { state, recover } = stateOf(
      rows.map((row) => [...new Set(row)]),
      WITH_DIRECT,
      [],
    );
    const { upa } = state;
    const permissions = Array.from({ length: upa.permissionCount }, (_, permission) => permission);
    const teams = Array.from({ length: upa.userCount }, (_, user) => user).filter((user) =>
      permissions.slice(0, 1).every((permission) => upa.edgeOf(user, permission) >= 0),
    );
    // The same role for two teams, one each: one of them is not needed. And one that costs more than the two it covers.
    for (const team of teams) state.addRole([team], [0]);
    const alone = upa.userCount - 1;
    state.addRole(
      [alone],
      permissions.filter((permission) => upa.edgeOf(alone, permission) >= 0),
    );
    state.commit();
    recover.run(Infinity);

    expect(state.roles.map((role) => [state.usersOf[role].toSorted(), [...state.permissionsOf[role]]])).toEqual([
      [teams, [0]],
    ]);
    expect(state.cost).toBeCloseTo(1 + 4 + 3 + 1 + 2, 5);
  });

  it('leaves all as it is when the search is cancelled', () => {
    const { state, recover } = stateOf([[0], [0, 1]], WITH_DIRECT, [[0], [0], [1]]);
    const before = state.cost;
    state.meter.stoppedBy = 'cancelled';
    recover.run(Infinity);

    expect(state.cost).toBe(before);
  });
});

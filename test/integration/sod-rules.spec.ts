import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stableUuid } from '../../src/common/stable-uuid.js';
import { SodRules } from '../../src/role-mining/sod/sod-rules.js';
import { createTestGraph, type TestGraph } from '../support/access-graph.js';

const tenant = randomUUID();
const rules = new SodRules();
const USERS = ['ada', 'bob', 'cy', 'dan'];
const ENTITLEMENTS = ['a', 'b', 'c', 'd', 'e', 'f'];
const DIRECT: readonly [string, string][] = [
  ['ada', 'a'],
  ['ada', 'b'],
  ['bob', 'c'],
  ['cy', 'e'],
];
/** r gives d and e to bob and cy. */
const BY_ROLE: readonly [string, string][] = ['bob', 'cy'].flatMap((who): [string, string][] => [
  [who, 'd'],
  [who, 'e'],
]);
const RULES: Readonly<Record<string, readonly [string[], string[]]>> = {
  'a or b with c': [['a', 'b'], ['c']],
  'a with b': [['a'], ['b']],
  'd with e or f': [['d'], ['e', 'f']],
  'e with a': [['e'], ['a']],
};

let graph: TestGraph;
beforeAll(async () => {
  graph = await createTestGraph();
  await graph.importTexts(tenant, {
    assignments: ['user,entitlement', ...DIRECT.map((pair) => pair.join(',')), ''].join('\n'),
    users: `user\n${USERS.join('\n')}\n`,
    entitlements: `entitlement,name\n${ENTITLEMENTS.map((id) => `${id},${id}`).join('\n')}\n`,
    roles: 'role,name,entitlement,user\nr,R,d,\nr,,e,\nr,,,bob\nr,,,cy\n',
  });
  await graph.transaction.run(tenant, async (manager) => {
    for (const [name, sides] of Object.entries(RULES)) {
      const [{ id }] = await manager.query<[{ id: string }]>(
        'INSERT INTO role_mining_sod_rule (tenant_id, name, created_by) VALUES ($1, $2, $1) RETURNING id',
        [tenant, name],
      );
      for (const [index, side] of sides.entries()) {
        await manager.query(
          `INSERT INTO role_mining_sod_rule_entitlement (tenant_id, rule_id, side, entitlement_id)
           SELECT $1::uuid, $2::uuid, $3, id FROM unnest($4::uuid[]) AS id`,
          [tenant, id, index === 0 ? 'a' : 'b', side.map(entitlement)],
        );
      }
    }
  });
});
afterAll(async () => graph[Symbol.asyncDispose]());

const user = (id: string): string => stableUuid(tenant, 'user', id);
const entitlement = (id: string): string => stableUuid(tenant, 'entitlement', id);
const heldBy = (who: string): Set<string> =>
  new Set([...DIRECT, ...BY_ROLE].flatMap(([holder, held]) => (holder === who ? [held] : [])));

interface Gain {
  readonly users: string[];
  readonly entitlements: string[];
}
interface Violation {
  readonly rule: string;
  readonly users: string[];
  readonly entitlements: string[];
}

/** As the definition says it, pair by pair. */
function violationsByBruteForce(gains: readonly Gain[]): Violation[] {
  return Object.entries(RULES)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .flatMap(([rule, [sideA, sideB]]) => {
      const broken = USERS.flatMap((who) => {
        const held = heldBy(who);
        const gained = new Set(
          gains
            .flatMap(({ users, entitlements }) => (users.includes(who) ? entitlements : []))
            .filter((id) => !held.has(id)),
        );
        const holds = (id: string): boolean => held.has(id) || gained.has(id);
        const isTouched = [...sideA, ...sideB].some((id) => gained.has(id));
        if (!isTouched || !sideA.some(holds) || !sideB.some(holds)) return [];
        return [{ who, together: [...sideA, ...sideB].filter(holds) }];
      });
      const entitlements = [...new Set(broken.flatMap(({ together }) => together))];
      return broken.length === 0 ? [] : [{ rule, users: broken.map(({ who }) => who), entitlements }];
    });
}

describe('SodRules', () => {
  it('finds what gains would break, as the definition says it pair by pair', async () => {
    const gain = fc.record({ users: fc.subarray(USERS), entitlements: fc.subarray(ENTITLEMENTS) });
    await fc.assert(
      fc.asyncProperty(fc.array(gain, { maxLength: 3 }), async (gains) => {
        const found = await graph.transaction.run(tenant, (manager) =>
          rules.violationsOfAccess(
            manager,
            tenant,
            gains.map(({ users, entitlements }) => ({
              userIds: users.map(user),
              entitlementIds: entitlements.map(entitlement),
            })),
          ),
        );
        const expected = violationsByBruteForce(gains).map(({ rule, users, entitlements }) => ({
          ruleName: rule,
          userCount: users.length,
          userIds: users.map(user).sort(),
          entitlementIds: entitlements.map(entitlement).sort(),
        }));
        expect(found.map(({ ruleId: _ruleId, ...rest }) => rest)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('finds what is broken now', async () => {
    const found = await graph.transaction.run(tenant, (manager) => rules.violationsInTenant(manager, tenant));
    expect(found.map(({ ruleName, userCount }) => ({ ruleName, userCount }))).toEqual([
      { ruleName: 'a with b', userCount: 1 },
      { ruleName: 'd with e or f', userCount: 2 },
    ]);
  });

  it('finds what sets break by themselves', async () => {
    const sets = [['a', 'c', 'b'], ['d'], [], ['f', 'd']].map((set) => set.map(entitlement));
    const found = await graph.transaction.run(tenant, (manager) => rules.violationsOfSets(manager, tenant, sets));
    expect(found.map((of) => of.map(({ ruleName }) => ruleName))).toEqual([
      ['a or b with c', 'a with b'],
      [],
      [],
      ['d with e or f'],
    ]);
    expect(found[3][0].entitlementIds).toEqual(['d', 'f'].map(entitlement).sort());
  });

  it('knows no rule of another tenant, and none for what does not exist', async () => {
    const other = randomUUID();
    const gains = [{ userIds: USERS.map(user), entitlementIds: ENTITLEMENTS.map(entitlement) }];
    const inTenant = await graph.transaction.run(other, (manager) => rules.violationsInTenant(manager, other));
    const found = await graph.transaction.run(other, (manager) => rules.violationsOfAccess(manager, other, gains));
    const unknown = [{ userIds: [randomUUID()], entitlementIds: [randomUUID()] }];
    const none = await graph.transaction.run(tenant, (manager) => rules.violationsOfAccess(manager, tenant, unknown));
    expect([inTenant, found, none]).toEqual([[], [], []]);
  });
});

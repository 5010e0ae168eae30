import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessChange } from '../../../src/role-mining/simulations/access-change.js';
import { AccessImpacts, type ComputedImpact } from '../../../src/role-mining/simulations/access-impacts.js';
import { createTestGraph, type TestGraph } from '../../support/access-graph.js';
import { idsOf } from '../../support/granted-access.js';

const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'];
const ENTITLEMENTS = ['e0', 'e1', 'e2', 'e3', 'e4'];
const ROLES = ['r0', 'r1', 'r2'];

let graph: TestGraph;
beforeAll(async () => {
  graph = await createTestGraph();
});
afterAll(async () => graph[Symbol.asyncDispose]());

const impacts = new AccessImpacts();
const compute = (tenant: string, change: AccessChange): Promise<ComputedImpact> =>
  graph.transaction.run(tenant, (manager) => impacts.computeImpact(manager, tenant, change));

const some = (of: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...of]);
const atLeastTwo = (of: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...of], { minLength: 2 });
const pairs = (from: readonly string[], to: readonly string[], minLength = 0): fc.Arbitrary<[string, string][]> =>
  fc.subarray(
    from.flatMap((a) => to.map((b): [string, string] => [a, b])),
    { minLength },
  );

interface Organisation {
  readonly direct: [string, string][];
  readonly roleEntitlements: [string, string][];
  readonly roleMembers: [string, string][];
}
const organisations: fc.Arbitrary<Organisation> = fc.record({
  direct: pairs(USERS, ENTITLEMENTS),
  roleEntitlements: pairs(ROLES, ENTITLEMENTS, 4),
  roleMembers: pairs(ROLES, USERS, 4),
});

/** What happens, in external ids: a role gets a new set, or users get or lose direct assignments. */
type Change =
  | { readonly role: string; readonly entitlements: string[] }
  | { readonly users: string[]; readonly entitlements: string[]; readonly withdraw: boolean };
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ role: fc.constantFrom(...ROLES), entitlements: some(ENTITLEMENTS) }),
  fc.record({ users: atLeastTwo(USERS), entitlements: atLeastTwo(ENTITLEMENTS), withdraw: fc.boolean() }),
);

/** Effective access, pair by pair. */
function heldIn({ direct, roleEntitlements, roleMembers }: Organisation): Set<string> {
  const byRole = roleMembers.flatMap(([role, user]) =>
    roleEntitlements.filter(([of]) => of === role).map(([, entitlement]) => `${user} ${entitlement}`),
  );
  return new Set([...direct.map((pair) => pair.join(' ')), ...byRole]);
}

function changed(organisation: Organisation, change: Change): Organisation {
  const { direct, roleEntitlements } = organisation;
  if ('role' in change) {
    const others = roleEntitlements.filter(([role]) => role !== change.role);
    const own = change.entitlements.map((entitlement): [string, string] => [change.role, entitlement]);
    return { ...organisation, roleEntitlements: [...others, ...own] };
  }
  const named = change.users.flatMap((user) => change.entitlements.map((e): [string, string] => [user, e]));
  const isNamed = new Set(named.map((pair) => pair.join(' ')));
  return change.withdraw
    ? { ...organisation, direct: direct.filter((pair) => !isNamed.has(pair.join(' '))) }
    : { ...organisation, direct: [...direct, ...named] };
}

function accessChange(tenant: string, { roleEntitlements }: Organisation, change: Change): AccessChange {
  const { user, entitlement, role } = idsOf(tenant);
  const named = change.entitlements.map(entitlement);
  if ('role' in change) {
    const before = roleEntitlements.filter(([of]) => of === change.role).map(([, e]) => entitlement(e));
    const granted = named.filter((id) => !before.includes(id));
    const withdrawn = before.filter((id) => !named.includes(id));
    return { roleId: role(change.role), userIds: [], granted, withdrawn };
  }
  const [granted, withdrawn] = change.withdraw ? [[], named] : [named, []];
  return { roleId: null, userIds: change.users.map(user), granted, withdrawn };
}

async function importOrganisation(tenant: string, organisation: Organisation): Promise<void> {
  const lines = (header: string, rows: string[]): string => [header, ...rows, ''].join('\n');
  await graph.importTexts(tenant, {
    users: lines('user', USERS),
    entitlements: lines(
      'entitlement,name',
      ENTITLEMENTS.map((e) => `${e},${e}`),
    ),
    // A file without rows is refused.
    assignments: lines('user,entitlement', ['u9,e9', ...organisation.direct.map((pair) => pair.join(','))]),
    roles: lines('role,name,entitlement,user', [
      ...ROLES.map((role) => `${role},${role},e9,`),
      ...organisation.roleEntitlements.map(([role, e]) => `${role},${role},${e},`),
      ...organisation.roleMembers.map(([role, user]) => `${role},${role},,${user}`),
    ]),
  });
}

describe('the impact of a change', () => {
  it('is the difference of effective access before and after, and its fingerprint tells another one', async () => {
    const fingerprints = new Map<string, string>();
    const tenant = randomUUID();
    const { user, entitlement } = idsOf(tenant);
    const nameOf = new Map([
      ...[...USERS, 'u9'].map((name) => [user(name), name] as const),
      ...[...ENTITLEMENTS, 'e9'].map((name) => [entitlement(name), name] as const),
    ]);
    const pairsOf = ({ users }: ComputedImpact['impact']['gained']): string[] =>
      users.flatMap(({ userId, entitlementIds }) =>
        entitlementIds.map((id) => `${nameOf.get(userId)} ${nameOf.get(id)}`),
      );
    await fc.assert(
      fc.asyncProperty(organisations, changes, async (organisation, change) => {
        await importOrganisation(tenant, organisation);
        const before = heldIn(organisation);
        const after = heldIn(changed(organisation, change));
        const gained = [...after].filter((pair) => !before.has(pair)).sort();
        const lost = [...before].filter((pair) => !after.has(pair)).sort();
        const { impact, fingerprint } = await compute(tenant, accessChange(tenant, organisation, change));

        expect([pairsOf(impact.gained).sort(), pairsOf(impact.lost).sort()]).toEqual([gained, lost]);
        expect([impact.gained.assignmentCount, impact.lost.assignmentCount]).toEqual([gained.length, lost.length]);
        const usersOf = (held: string[]): Set<string> => new Set(held.map((pair) => pair.split(' ')[0]));
        expect([impact.gained.userCount, impact.lost.userCount]).toEqual([usersOf(gained).size, usersOf(lost).size]);
        const affected = [...usersOf([...gained, ...lost])].map(user).sort();
        expect([impact.affectedUsers, impact.affectedUserCount]).toEqual([affected, affected.length]);
        const key = JSON.stringify([gained, lost]);
        expect(fingerprints.get(key) ?? fingerprint).toBe(fingerprint);
        fingerprints.set(key, fingerprint);
      }),
      { numRuns: 40, seed: 7 },
    );
    expect(new Set(fingerprints.values()).size).toBe(fingerprints.size);
    expect(fingerprints.size).toBeGreaterThan(15);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccessSnapshot, type IntegerLists, listAt } from '../../../src/access-graph/snapshot/access-snapshot.js';
import { AccessSnapshotBuilder } from '../../../src/access-graph/snapshot/access-snapshot-builder.js';
import { PostgresRoleStore } from '../../../src/access-graph/stores/postgres-role.store.js';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { createTestGraph, type GraphTexts, type TestGraph } from '../../support/access-graph.js';

let graph: TestGraph;
beforeAll(async () => {
  graph = await createTestGraph();
});
afterAll(async () => graph[Symbol.asyncDispose]());

const lists = (of: IntegerLists): number[][] =>
  Array.from({ length: of.offsets.length - 1 }, (_, index) => [...listAt(of, index)]);

const TEXTS: GraphTexts = {
  assignments: 'user,entitlement\ncy,write\nada,write\nada,read\n',
  users: 'user,department,site\nbob,Sales,\nada,Finance,Oslo|Rome\ncy,,Rome\n',
  entitlements: 'entitlement,name,application\nread,Read files,Files\nwrite,Write files,\npay,Pay,SAP\n',
  roles: 'role,name,entitlement,user\nr1,Payers,pay,\nr1,,read,\nr1,,,ada\nr1,,,bob\nr2,,write,\n',
};

describe('PostgresAccessGraphReader', () => {
  it('reads users, entitlements, effective access, attributes and roles in the order of external ids', async () => {
    const tenant = randomUUID();
    await graph.importTexts(tenant, TEXTS);
    const snapshot = await graph.reader.readSnapshot(tenant);
    expect(snapshot.userIds).toEqual(['ada', 'bob', 'cy'].map((id) => stableUuid(tenant, 'user', id)));
    expect(snapshot.entitlementIds).toEqual(
      ['pay', 'read', 'write'].map((id) => stableUuid(tenant, 'entitlement', id)),
    );
    expect(snapshot.entitlementNames).toEqual(['Pay', 'Read files', 'Write files']);
    expect(snapshot.entitlementApplications).toEqual(['SAP', 'Files', null]);
    expect(lists(snapshot.directAccess)).toEqual([[1, 2], [], [2]]);
    expect(lists(snapshot.access)).toEqual([[0, 1, 2], [0, 1], [2]]);
    expect(snapshot.attributes.map(({ name, values, valuesOfUser }) => [name, values, lists(valuesOfUser)])).toEqual([
      ['department', ['Finance', 'Sales'], [[0], [1], []]],
      ['site', ['Oslo', 'Rome'], [[0, 1], [], [1]]],
    ]);
    const [r1, r2] = ['r1', 'r2'].map((id) => stableUuid(tenant, 'role', id));
    const order = r1 < r2 ? [0, 1] : [1, 0];
    expect(snapshot.roles.ids).toEqual(order.map((at) => [r1, r2][at]));
    expect(snapshot.roles.names).toEqual(order.map((at) => ['Payers', 'r2'][at]));
    expect(lists(snapshot.roles.entitlements)).toEqual(order.map((at) => [[0, 1], [2]][at]));
    expect(lists(snapshot.roles.members)).toEqual(order.map((at) => [[0, 1], []][at]));
    expect(snapshot.access.values.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(Math.abs(snapshot.takenAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('gives the same as the builder for the same graph', async () => {
    const tenant = randomUUID();
    const id = (kind: string, index: number): string => `${kind}0000000-0000-4000-8000-00000000000${index}`;
    const rows = [0, 1, 2].flatMap((user) => [0, 1, 2, 3].filter((e) => (user + e) % 2).map((e) => [user, e]));
    await graph.importTexts(tenant, {
      assignments: `user,entitlement\n${rows.map(([user, e]) => `${id('a', user)},${id('b', e)}\n`).join('')}`,
      roles: `role,name,entitlement,user\n${id('c', 0)},R,${id('b', 0)},\n${id('c', 0)},R,,${id('a', 0)}\n`,
    });
    const builder = new AccessSnapshotBuilder();
    for (const user of [2, 0, 1]) {
      const entitlementIds = rows.filter(([of]) => of === user).map(([, e]) => id('b', e));
      builder.addUser({ id: id('a', user), entitlementIds });
    }
    for (const e of [0, 1, 2, 3]) builder.addEntitlement({ id: id('b', e), name: id('b', e) });
    builder.addRole({ id: id('c', 0), name: 'R', entitlementIds: [id('b', 0)], memberIds: [id('a', 0)] });
    const read = await graph.reader.readSnapshot(tenant);
    expect({ ...read, takenAt: null }).toEqual({ ...builder.build(new Date()), takenAt: null });
  });

  it('is empty for a tenant that nothing is known of, and sees no other tenant', async () => {
    await graph.importTexts(randomUUID(), TEXTS);
    const snapshot = await graph.reader.readSnapshot(randomUUID());
    expect(snapshot).toMatchObject({ userIds: [], entitlementIds: [], attributes: [], roles: { ids: [] } });
    expect(lists(snapshot.access)).toEqual([]);
  });

  it('has the same hash for the same data, whatever way led there', async () => {
    const tenant = randomUUID();
    await graph.importTexts(tenant, TEXTS);
    const { hash } = await graph.reader.readSnapshot(tenant);
    await graph.importTexts(tenant, { users: 'user\nzoe\n', assignments: 'user,entitlement\nzoe,read\n' });
    expect((await graph.reader.readSnapshot(tenant)).hash).not.toBe(hash);
    await graph.importTexts(tenant, TEXTS);
    expect((await graph.reader.readSnapshot(tenant)).hash).toBe(hash);
  });

  it('reads one state while imports swap another in', async () => {
    const tenant = randomUUID();
    const states: GraphTexts[] = ['read', 'write'].map((entitlement) => ({
      assignments: `user,entitlement\n${Array.from({ length: 300 }, (_, i) => `u${i},${entitlement}\n`).join('')}`,
      entitlements: `entitlement,name\n${entitlement},${entitlement}\n`,
    }));
    await graph.importTexts(tenant, states[0]);
    const swaps = (async () => {
      for (let i = 1; i <= 6; i++) await graph.importTexts(tenant, states[i % 2]);
    })();
    let done = false;
    void swaps.finally(() => (done = true));
    const seen: AccessSnapshot[] = [];
    while (!done) seen.push(await graph.reader.readSnapshot(tenant));
    await swaps;
    for (const { userIds, entitlementNames, access } of seen) {
      expect([userIds.length, access.values.length]).toEqual([300, 300]);
      expect(entitlementNames).toHaveLength(1);
    }
    expect(new Set(seen.map(({ hash }) => hash)).size).toBeGreaterThan(1);
  });

  it('reads roles that decisions have made', async () => {
    const tenant = randomUUID();
    await graph.importTexts(tenant, TEXTS);
    const roleId = await graph.transaction.run(tenant, (manager) =>
      new PostgresRoleStore().createRole(manager, tenant, {
        name: 'Writers',
        source: 'candidate',
        entitlementIds: [stableUuid(tenant, 'entitlement', 'write')],
        memberIds: [stableUuid(tenant, 'user', 'bob')],
      }),
    );
    const snapshot = await graph.reader.readSnapshot(tenant);
    expect(snapshot.roles.ids).toContain(roleId);
    expect(lists(snapshot.access)[1]).toEqual([0, 1, 2]);
  });
});

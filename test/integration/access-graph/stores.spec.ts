import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { lockGraph } from '../../../src/access-graph/stores/graph-lock.js';
import { PostgresAssignmentStore } from '../../../src/access-graph/stores/postgres-assignment.store.js';
import { PostgresRoleStore } from '../../../src/access-graph/stores/postgres-role.store.js';
import type { NewRole } from '../../../src/access-graph/stores/role.store.js';
import { ConflictError } from '../../../src/common/errors/domain.error.js';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { createTestGraph, type TestGraph } from '../../support/access-graph.js';

let graph: TestGraph;
beforeAll(async () => {
  graph = await createTestGraph();
});
afterAll(async () => graph[Symbol.asyncDispose]());

const roles = new PostgresRoleStore();
const assignments = new PostgresAssignmentStore();
let tenant: string;
const user = (externalId: string): string => stableUuid(tenant, 'user', externalId);
const entitlement = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);
const run = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> => graph.transaction.run(tenant, work);
const newRole = (name: string, role: Partial<NewRole> = {}): NewRole => ({
  name,
  source: 'candidate',
  entitlementIds: [entitlement('read')],
  memberIds: [user('ada')],
  ...role,
});
const membersOf = (roleId: string): Promise<{ external_id: string }[]> =>
  run((manager) =>
    manager.query(
      `SELECT external_id FROM access_role_member member
       JOIN access_user USING (tenant_id) WHERE number = user_number AND role_id = $1 ORDER BY 1`,
      [roleId],
    ),
  );

beforeEach(async () => {
  tenant = randomUUID();
  await graph.importTexts(tenant, {
    assignments: 'user,entitlement\nada,read\nada,write\nbob,read\n',
    roles: 'role,name,entitlement,user\nr1,Imported,write,\nr1,,,bob\n',
  });
});

describe('PostgresRoleStore', () => {
  it('creates a role with its entitlements and members', async () => {
    const id = await run((manager) =>
      roles.createRole(
        manager,
        tenant,
        newRole('Readers', { description: 'Who read', memberIds: [user('ada'), user('bob')] }),
      ),
    );
    expect(await run((manager) => roles.findRoles(manager, tenant, [id, randomUUID()]))).toEqual([
      {
        id,
        externalId: null,
        name: 'Readers',
        description: 'Who read',
        source: 'candidate',
        entitlementIds: [entitlement('read')],
        juniorIds: [],
        memberCount: 2,
      },
    ]);
  });

  it('creates roles that inherit from smaller ones, and from no others', async () => {
    const junior = await run((manager) => roles.createRole(manager, tenant, newRole('Readers')));
    const both = [entitlement('read'), entitlement('write')];
    const senior = await run((manager) =>
      roles.createRole(manager, tenant, newRole('Writers', { entitlementIds: both, juniorIds: [junior] })),
    );
    const [stored] = await run((manager) => roles.findRoles(manager, tenant, [senior]));
    expect(stored.juniorIds).toEqual([junior]);

    for (const [name, entitlementIds, juniorId] of [
      ['the same', both, senior],
      ['less', [entitlement('read')], senior],
      ['other things', [entitlement('write')], junior],
    ] as const) {
      const work = run((manager) =>
        roles.createRole(manager, tenant, newRole(name, { entitlementIds, juniorIds: [juniorId] })),
      );
      await expect(work).rejects.toThrow(
        new ConflictError(`A role can only inherit from roles that give a part of what it gives, not from ${juniorId}`),
      );
    }
    const gone = randomUUID();
    await expect(
      run((manager) => roles.createRole(manager, tenant, newRole('of nobody', { juniorIds: [gone] }))),
    ).rejects.toThrow(`The access graph no longer has the role ${gone}`);
  });

  it('ends an inheritance when the senior no longer gives all that the junior gives', async () => {
    const both = [entitlement('read'), entitlement('write')];
    const pair = async (name: string): Promise<[junior: string, senior: string]> => {
      const junior = await run((manager) => roles.createRole(manager, tenant, newRole(`${name} junior`)));
      const wanted = newRole(`${name} senior`, { entitlementIds: both, juniorIds: [junior] });
      return [junior, await run((manager) => roles.createRole(manager, tenant, wanted))];
    };
    const juniorsOf = async (id: string): Promise<readonly string[] | undefined> =>
      (await run((manager) => roles.findRoles(manager, tenant, [id])))[0].juniorIds;

    const [kept, own] = await pair('own');
    await run((manager) => roles.changeEntitlements(manager, tenant, own, { remove: [entitlement('write')] }));
    expect(await juniorsOf(own)).toEqual([kept]);

    const [, less] = await pair('less');
    await run((manager) => roles.changeEntitlements(manager, tenant, less, { remove: [entitlement('read')] }));
    expect(await juniorsOf(less)).toEqual([]);

    const [more, senior] = await pair('more');
    await run((manager) => roles.changeEntitlements(manager, tenant, senior, { remove: [entitlement('write')] }));
    await run((manager) => roles.changeEntitlements(manager, tenant, more, { add: [entitlement('write')] }));
    expect(await juniorsOf(senior)).toEqual([]);

    const [removed, left] = await pair('removed');
    await run((manager) => roles.deleteRole(manager, tenant, removed));
    expect(await juniorsOf(left)).toEqual([]);
  });

  it('is part of the transaction of its caller', async () => {
    let id = '';
    const work = run(async (manager) => {
      id = await roles.createRole(manager, tenant, newRole('Readers'));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await run((manager) => roles.findRoles(manager, tenant, [id]))).toEqual([]);
  });

  it('refuses a name that is taken, also of two that come at once', async () => {
    const create = (name: string): Promise<string> =>
      run((manager) => roles.createRole(manager, tenant, newRole(name)));
    await expect(create('Imported')).rejects.toThrow(new ConflictError('There is a role named "Imported" already'));
    const outcomes = await Promise.allSettled([create('Readers'), create('Readers')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    tenant = randomUUID();
    await graph.importTexts(tenant, { assignments: 'user,entitlement\nada,read\n' });
    await expect(create('Readers')).resolves.toEqual(expect.any(String));
  });

  it('refuses users and entitlements that have gone, naming them', async () => {
    const gone = randomUUID();
    const create = (role: Partial<NewRole>): Promise<string> =>
      run((manager) => roles.createRole(manager, tenant, newRole('Readers', role)));
    await expect(create({ entitlementIds: [entitlement('read'), gone] })).rejects.toThrow(
      new ConflictError(`The access graph no longer has the entitlement ${gone}`),
    );
    await expect(create({ memberIds: [gone] })).rejects.toThrow(`no longer has the user ${gone}`);
    expect(await create({})).toEqual(expect.any(String));
  });

  it('changes entitlements and members', async () => {
    const id = await run((manager) => roles.createRole(manager, tenant, newRole('Readers')));
    await run(async (manager) => {
      const add = [entitlement('write'), entitlement('read')];
      await roles.changeEntitlements(manager, tenant, id, { add, remove: [randomUUID()] });
      await roles.changeMembers(manager, tenant, id, { add: [user('bob')], remove: [user('ada')] });
    });
    const [role] = await run((manager) => roles.findRoles(manager, tenant, [id]));
    expect(role.entitlementIds).toEqual([entitlement('read'), entitlement('write')].sort());
    expect(await membersOf(id)).toEqual([{ external_id: 'bob' }]);
    await run((manager) => roles.changeEntitlements(manager, tenant, id, { remove: [entitlement('read')] }));
    const [changed] = await run((manager) => roles.findRoles(manager, tenant, [id]));
    expect(changed.entitlementIds).toEqual([entitlement('write')]);
    const unknown = randomUUID();
    for (const work of [
      (manager: EntityManager) => roles.changeMembers(manager, tenant, unknown, {}),
      (manager: EntityManager) => roles.changeEntitlements(manager, tenant, unknown, {}),
      (manager: EntityManager) => roles.deleteRole(manager, tenant, unknown),
      (manager: EntityManager) => roles.mergeRoles(manager, tenant, id, unknown),
      (manager: EntityManager) => roles.mergeRoles(manager, tenant, unknown, id),
    ]) {
      await expect(run<unknown>(work)).rejects.toThrow(`The access graph no longer has the role ${unknown}`);
    }
  });

  it('merges a role into another, which stays what it is and has all that both had', async () => {
    const imported = stableUuid(tenant, 'role', 'r1');
    const other = await run((manager) =>
      roles.createRole(manager, tenant, newRole('Readers', { memberIds: [user('ada'), user('bob')] })),
    );
    await run((manager) => roles.mergeRoles(manager, tenant, imported, other));
    expect(await run((manager) => roles.findRoles(manager, tenant, [imported, other]))).toEqual([
      {
        id: imported,
        externalId: 'r1',
        name: 'Imported',
        description: null,
        source: 'import',
        entitlementIds: [entitlement('read'), entitlement('write')].sort(),
        juniorIds: [],
        memberCount: 2,
      },
    ]);
    expect(await membersOf(other)).toEqual([]);
  });

  it('deletes a role with its rows', async () => {
    const id = await run((manager) => roles.createRole(manager, tenant, newRole('Readers')));
    await run((manager) => roles.deleteRole(manager, tenant, id));
    expect(await membersOf(id)).toEqual([]);
    expect(await run((manager) => roles.findRoles(manager, tenant, [id]))).toEqual([]);
  });

  it('does not reach into another tenant', async () => {
    const id = await run((manager) => roles.createRole(manager, tenant, newRole('Readers')));
    const ours = tenant;
    tenant = randomUUID();
    await expect(run((manager) => roles.deleteRole(manager, tenant, id))).rejects.toThrow(ConflictError);
    tenant = ours;
    expect(await run((manager) => roles.findRoles(manager, tenant, [id]))).toHaveLength(1);
  });
});

describe('lockGraph', () => {
  it('makes a second writer wait, and not for longer than the lock time-out', async () => {
    await run(async (manager) => {
      await lockGraph(manager, tenant);
      const second = graph.transaction.runApart(tenant, async (other) => {
        await other.query(`SET LOCAL lock_timeout = '50ms'`);
        await lockGraph(other, tenant);
      });
      await expect(second).rejects.toMatchObject({ code: 'unavailable' });
    });
    await run((manager) => lockGraph(manager, tenant));
  });
});

describe('PostgresAssignmentStore', () => {
  const held = async (): Promise<unknown> =>
    run((manager) =>
      manager.query(
        `SELECT holder.external_id || ' ' || entitlement.external_id AS pair, imported FROM access_assignment
         JOIN access_user holder ON holder.number = user_number
         JOIN access_entitlement entitlement ON entitlement.number = entitlement_number ORDER BY 1`,
      ),
    );

  it('assigns and takes away, and says how many', async () => {
    const assign = (): Promise<number> =>
      run((manager) =>
        assignments.assign(manager, tenant, [user('ada'), user('bob')], [entitlement('read'), entitlement('write')]),
      );
    expect(await assign()).toBe(1);
    expect(await assign()).toBe(0);
    expect(await held()).toEqual([
      { pair: 'ada read', imported: true },
      { pair: 'ada write', imported: true },
      { pair: 'bob read', imported: true },
      { pair: 'bob write', imported: false },
    ]);
    const unassign = (): Promise<number> =>
      run((manager) =>
        assignments.unassign(manager, tenant, [user('bob'), randomUUID()], [entitlement('read'), entitlement('write')]),
      );
    expect(await unassign()).toBe(2);
    expect(await unassign()).toBe(0);
    expect(await held()).toHaveLength(2);
  });

  it('refuses users and entitlements that have gone', async () => {
    const gone = randomUUID();
    await expect(run((manager) => assignments.assign(manager, tenant, [gone], []))).rejects.toThrow(
      new ConflictError(`The access graph no longer has the user ${gone}`),
    );
    await expect(run((manager) => assignments.assign(manager, tenant, [user('ada')], [gone]))).rejects.toThrow(
      `no longer has the entitlement ${gone}`,
    );
  });
});

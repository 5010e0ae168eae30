import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { AssignmentRow } from '../../../src/access-files/read-assignments.js';
import { ExcessiveRemovalError } from '../../../src/access-graph/import/removals.js';
import { PostgresAssignmentStore } from '../../../src/access-graph/stores/postgres-assignment.store.js';
import { PostgresRoleStore } from '../../../src/access-graph/stores/postgres-role.store.js';
import { DomainError } from '../../../src/common/errors/domain.error.js';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { createTestGraph, type TestGraph } from '../../support/access-graph.js';

let graph: TestGraph;
beforeAll(async () => {
  Logger.overrideLogger(false);
  graph = await createTestGraph();
});
afterAll(async () => graph[Symbol.asyncDispose]());

const roles = new PostgresRoleStore();
const assignments = new PostgresAssignmentStore();
let tenant: string;
beforeEach(() => {
  tenant = randomUUID();
});
const user = (externalId: string): string => stableUuid(tenant, 'user', externalId);
const entitlement = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);
const run = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> => graph.transaction.run(tenant, work);
const query = <T>(sql: string): Promise<T[]> => run((manager) => manager.query(sql));
const pairs = (rows: readonly string[]): string =>
  `user,entitlement\n${rows.map((row) => `${row.replace(' ', ',')}\n`).join('')}`;
const held = async (): Promise<string[]> => {
  const rows = await query<{ pair: string }>(
    `SELECT holder.external_id || ' ' || entitlement.external_id AS pair FROM access_assignment
     JOIN access_user holder ON holder.number = user_number
     JOIN access_entitlement entitlement ON entitlement.number = entitlement_number ORDER BY 1`,
  );
  return rows.map(({ pair }) => pair);
};
/** Rows whose numbers nobody has: there are no foreign keys that would refuse them. */
const strayRows = async (): Promise<number> => {
  const [{ count }] = await query<{ count: number }>(`
    SELECT (SELECT count(*) FROM access_assignment WHERE user_number NOT IN (SELECT number FROM access_user)
              OR entitlement_number NOT IN (SELECT number FROM access_entitlement))
      + (SELECT count(*) FROM access_usage WHERE user_number NOT IN (SELECT number FROM access_user)
              OR entitlement_number NOT IN (SELECT number FROM access_entitlement))
      + (SELECT count(*) FROM access_role_member WHERE user_number NOT IN (SELECT number FROM access_user))
      + (SELECT count(*) FROM access_role_entitlement
           WHERE entitlement_number NOT IN (SELECT number FROM access_entitlement)) AS count`);
  return Number(count);
};

describe('what an import does to what was not imported', () => {
  beforeEach(async () => {
    await graph.importTexts(tenant, {
      assignments: pairs(['ada read', 'ada write', 'bob read']),
      roles: 'role,name,entitlement,user\nr1,Imported,write,\nr1,,,bob\n',
    });
  });

  it('keeps assignments that were granted otherwise, until they show up in an import', async () => {
    await run((manager) => assignments.assign(manager, tenant, [user('bob')], [entitlement('write')]));
    await graph.importTexts(tenant, { assignments: pairs(['ada read', 'bob read']) });
    expect(await held()).toEqual(['ada read', 'bob read', 'bob write']);
    const counts = await graph.importTexts(tenant, { assignments: pairs(['ada read', 'bob read', 'bob write']) });
    expect(counts.assignments).toEqual({ added: 0, updated: 1, removed: 0, total: 3 });
    await graph.importTexts(tenant, { assignments: pairs(['ada read', 'bob read']) });
    expect(await held()).toEqual(['ada read', 'bob read']);
  });

  it('never touches roles that decisions have made, but for who and what no longer exists', async () => {
    const id = await run((manager) =>
      roles.createRole(manager, tenant, {
        name: 'Candidate',
        source: 'candidate',
        entitlementIds: [entitlement('read'), entitlement('write')],
        memberIds: [user('ada'), user('bob')],
      }),
    );
    await graph.importTexts(tenant, { roles: 'role,name,entitlement,user\nr2,Other,read,\n' });
    const find = () => run((manager) => roles.findRoles(manager, tenant, [id]));
    expect(await find()).toMatchObject([{ name: 'Candidate', memberCount: 2, entitlementIds: { length: 2 } }]);
    const counts = await graph.importTexts(tenant, {
      users: 'user\nada\n',
      entitlements: 'entitlement,name\nread,Read\n',
    });
    expect(counts).toMatchObject({
      users: { removed: 1, total: 1 },
      entitlements: { removed: 1, updated: 1, total: 1 },
      assignments: { removed: 2, total: 1 },
      role_entitlements: { removed: 1, total: 2 },
      role_members: { removed: 1, total: 1 },
      roles: { removed: 0, total: 2 },
    });
    expect(await find()).toMatchObject([{ memberCount: 1, entitlementIds: [entitlement('read')] }]);
    expect(await strayRows()).toBe(0);
  });

  it('refuses a role whose name such a role has', async () => {
    await run((manager) =>
      roles.createRole(manager, tenant, { name: 'Mine', source: 'merge', entitlementIds: [], memberIds: [] }),
    );
    await expect(graph.importTexts(tenant, { roles: 'role,name,entitlement,user\nr9,Mine,read,\n' })).rejects.toThrow(
      /^Nothing was imported. roles.csv, line 2: the role name "Mine" is taken by role /,
    );
  });

  it('refuses a role whose external id is the id of such a role', async () => {
    const id = await run((manager) =>
      roles.createRole(manager, tenant, { name: 'Mine', source: 'merge', entitlementIds: [], memberIds: [] }),
    );
    await expect(graph.importTexts(tenant, { roles: `role,name,entitlement,user\n${id},New,read,\n` })).rejects.toThrow(
      `role "${id}" was not imported and is not touched`,
    );
  });
});

describe('ids', () => {
  it('are those of stableUuid, for every script and kind', async () => {
    const externalIds = ['ada', 'Ärger', '日本', '😀', "o'brien", 'a\\b', '%'];
    await graph.importTexts(tenant, {
      users: `user\n${externalIds.join('\n')}\n`,
      entitlements: `entitlement,name\n${externalIds.map((id) => `${id},x\n`).join('')}`,
      roles: `role,name,entitlement,user\n${externalIds.map((id) => `${id},name ${id},ada,\n`).join('')}`,
    });
    for (const kind of ['user', 'entitlement', 'role']) {
      const found = await query<{ id: string; external_id: string }>(`SELECT id, external_id FROM access_${kind}`);
      expect(found).toHaveLength(externalIds.length);
      for (const { id, external_id } of found) expect(id).toBe(stableUuid(tenant, kind, external_id));
    }
  });

  it('are refused when two users would share one', async () => {
    await expect(graph.importTexts(tenant, { users: `user\nada\n${user('ada')}\n` })).rejects.toThrow(
      `would have the same id as`,
    );
  });

  it('come back with the user, whose number is a new one', async () => {
    await graph.importTexts(tenant, { users: 'user\nada\nbob\n' });
    const numberOf = async (): Promise<number> =>
      (await query<{ number: number }>(`SELECT number FROM access_user WHERE id = '${user('bob')}'`))[0].number;
    expect(await numberOf()).toBe(1);
    await graph.importTexts(tenant, { users: 'user\nada\n' });
    await graph.importTexts(tenant, { users: 'user\nada\nbob\n' });
    expect(await numberOf()).toBe(2);
  });
});

describe('roles', () => {
  it('may exchange their names', async () => {
    const rolesCsv = (first: string, second: string): string =>
      `role,name,entitlement,user\nr1,${first},read,\nr2,${second},read,\n`;
    await graph.importTexts(tenant, { assignments: pairs(['ada read']), roles: rolesCsv('A', 'B') });
    const counts = await graph.importTexts(tenant, { roles: rolesCsv('B', 'A') });
    expect(counts.roles).toEqual({ added: 0, updated: 2, removed: 0, total: 2 });
  });

  it('lose what a replacing file no longer gives them', async () => {
    await graph.importTexts(tenant, {
      assignments: pairs(['ada read', 'bob write']),
      roles: 'role,name,entitlement,user\nr1,A,read,\nr1,,write,\nr1,,,ada\nr2,B,read,\n',
    });
    const counts = await graph.importTexts(tenant, { roles: 'role,name,entitlement,user\nr1,A,write,\nr1,,,bob\n' });
    expect(counts).toMatchObject({
      roles: { added: 0, updated: 0, removed: 1, total: 1 },
      role_entitlements: { added: 0, removed: 2, total: 1 },
      role_members: { added: 1, removed: 1, total: 1 },
    });
  });
});

describe('usage', () => {
  const lastUse = async (): Promise<unknown> =>
    (await query<{ last_used_at: Date }>('SELECT last_used_at FROM access_usage'))[0]?.last_used_at.toISOString();
  const used = (at: string): { assignments: string } => ({
    assignments: `user,entitlement,last_used_at\nada,read,${at}\n`,
  });

  it('is the latest that is known, and outlives the assignment but not the user', async () => {
    await graph.importTexts(tenant, used('2026-03-01T00:00:00Z'));
    const later = await graph.importTexts(tenant, used('2026-04-01T00:00:00Z'));
    expect(later.assignments).toEqual({ added: 0, updated: 1, removed: 0, total: 1 });
    const earlier = await graph.importTexts(tenant, used('2026-02-01T00:00:00Z'));
    expect(earlier.assignments).toEqual({ added: 0, updated: 0, removed: 0, total: 1 });
    expect(await lastUse()).toBe('2026-04-01T00:00:00.000Z');
    await graph.importTexts(tenant, { assignments: pairs(['bob read']) });
    expect(await held()).toEqual(['bob read']);
    expect(await lastUse()).toBe('2026-04-01T00:00:00.000Z');
    await graph.importTexts(tenant, { users: 'user\nbob\n' });
    expect(await lastUse()).toBeUndefined();
  });
});

describe('the limit to removals', () => {
  it('counts what goes with users, and lets the last percent pass', async () => {
    const users = Array.from({ length: 10 }, (_, index) => `u${index}`);
    await graph.importTexts(tenant, {
      assignments: pairs([...users.map((id) => `${id} read`), ...['a', 'b', 'c', 'd'].map((e) => `u0 ${e}`)]),
    });
    const withoutFirst = { users: `user\n${users.slice(1).join('\n')}\n` };
    const refused = graph.importTexts(tenant, withoutFirst, { maxRemovedPercent: 20 });
    await expect(refused).rejects.toThrow(ExcessiveRemovalError);
    await expect(refused).rejects.toMatchObject({
      removals: [{ part: 'assignments', existing: 14, removed: 5, removed_percent: 35.7 }],
    });
    expect(await held()).toHaveLength(14);
    await graph.importTexts(tenant, { users: `user\n${users.slice(0, 8).join('\n')}\n` }, { maxRemovedPercent: 20 });
    expect(await held()).toHaveLength(12);
  });

  it('does not hold for a merge', async () => {
    await graph.importTexts(tenant, { assignments: pairs(['ada read', 'bob read']) });
    const merged = await graph.importTexts(
      tenant,
      { assignments: pairs(['cy read']) },
      { mode: 'merge', maxRemovedPercent: 0 },
    );
    expect(merged.assignments).toEqual({ added: 1, updated: 0, removed: 0, total: 3 });
  });
});

describe('one import of a tenant at a time', () => {
  /** Yields rows as they are let through. */
  function slowSource(): { rows: AsyncIterable<AssignmentRow[]>; started: Promise<void>; release: () => void } {
    const started = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    async function* rows(): AsyncGenerator<AssignmentRow[]> {
      yield [{ line: 1, user: 'ada', entitlement: 'read', lastUsedAt: null }];
      started.resolve();
      await released.promise;
      yield [{ line: 2, user: 'bob', entitlement: 'read', lastUsedAt: null }];
    }
    return { rows: rows(), started: started.promise, release: released.resolve };
  }
  const begin = (of: TestGraph, source: ReturnType<typeof slowSource>) =>
    of.service.startImport({
      tenantId: tenant,
      userId: null,
      parts: { assignments: { name: 'directory', read: () => source.rows } },
    });

  it('refuses a second one, lets other tenants in, and shows nothing before the end', async () => {
    const source = slowSource();
    const { id, completion } = await begin(graph, source);
    await source.started;
    await expect(graph.importTexts(tenant, { users: 'user\nada\n' })).rejects.toThrow(
      'Another import of this tenant is running',
    );
    await graph.importTexts(randomUUID(), { users: 'user\nada\n' });
    expect(await held()).toEqual([]);
    expect(await graph.service.getImport(tenant, id)).toMatchObject({ status: 'running', counts: null });
    source.release();
    expect(await completion).toMatchObject({ assignments: { added: 2, total: 2 } });
    expect(await held()).toEqual(['ada read', 'bob read']);
    await graph.importTexts(tenant, { users: 'user\nada\nbob\n' });
  });

  it('leaves connections for others, however many tenants import at once', async () => {
    const started = await Promise.all(
      Array.from({ length: Math.floor(graph.database.open.config.poolSize / 2) }, async () => {
        tenant = randomUUID();
        const source = slowSource();
        const { completion } = await begin(graph, source);
        return { source, completion };
      }),
    );
    await expect(graph.importTexts(randomUUID(), { users: 'user\nada\n' })).rejects.toThrow('busy with other imports');
    started.forEach(({ source }) => source.release());
    await Promise.all(started.map(({ completion }) => completion));
    await graph.importTexts(randomUUID(), { users: 'user\nada\n' });
  });

  it('ends an import whose process has died, when somebody looks', async () => {
    const source = slowSource();
    const { id, completion } = await begin(graph, source);
    const failed = expect(completion).rejects.toThrow();
    await source.started;
    await terminateImports();
    source.release();
    await failed;
    expect(await graph.service.getImport(tenant, id)).toMatchObject({
      status: 'failed',
      failure: { message: expect.stringContaining('nothing was imported') },
    });

    // As a killed process leaves it: nobody is there to write the end down.
    await query(`UPDATE access_import SET status = 'running', failure = NULL, completed_at = NULL WHERE id = '${id}'`);
    const { items } = await graph.service.listImports(tenant, { limit: 10, offset: 0 });
    expect(items).toMatchObject([
      { id, status: 'failed', failure: { message: expect.stringContaining('has ended before') } },
    ]);

    await query(`UPDATE access_import SET status = 'running', failure = NULL, completed_at = NULL WHERE id = '${id}'`);
    await graph.importTexts(tenant, { assignments: pairs(['ada read']) });
    expect(await graph.service.getImport(tenant, id)).toMatchObject({ status: 'failed' });
    expect(await held()).toEqual(['ada read']);
  });

  it('stops reading when the process is to end, and says so', async () => {
    await using stopping = await createTestGraph();
    const source = slowSource();
    const { id, completion } = await begin(stopping, source);
    const failed = expect(completion).rejects.toThrow(DomainError);
    await source.started;
    const stopped = stopping.service.beforeApplicationShutdown();
    source.release();
    await Promise.all([stopped, failed]);
    expect(await stopping.service.getImport(tenant, id)).toMatchObject({
      status: 'failed',
      failure: { message: 'The import was stopped before its end, nothing was imported: start it again' },
    });
  });

  it('waits for decisions that hold the graph', async () => {
    await graph.importTexts(tenant, { assignments: pairs(['ada read']) });
    const assigned = run(async (manager) => {
      await assignments.assign(manager, tenant, [user('ada')], [entitlement('read')]);
      const swap = graph.importTexts(tenant, { assignments: pairs(['ada read', 'ada write']) });
      // Seen from outside: the swap waits for our lock.
      await waitingForLock();
      return { swap };
    });
    const { swap } = await assigned;
    expect(await swap).toMatchObject({ assignments: { added: 1, total: 2 } });
  });
});

/** Ends the connections that imports hold, as a network or a killed process would. */
async function terminateImports(): Promise<void> {
  await asSuperuser(`SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND pid <> pg_backend_pid()
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
}

async function waitingForLock(): Promise<void> {
  for (;;) {
    const waiting = await asSuperuser(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting > 0) return;
  }
}

async function asSuperuser(sql: string): Promise<number> {
  const client = new pg.Client(graph.database.superuserUrl);
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

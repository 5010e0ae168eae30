import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type AuditChainReport, verifyAuditChain } from '../../../src/audit/audit-chain.js';
import type { AuditEntry } from '../../../src/audit/audit-trail.js';
import { PostgresAuditTrail } from '../../../src/audit/postgres-audit-trail.js';
import { connectionSettings, ownerLimits } from '../../../src/database/connection.js';
import { runInRequest } from '../../../src/common/http/request-context.js';
import { createTestGraph, type TestGraph } from '../../support/access-graph.js';
import { testDatabaseConfig } from '../../support/test-database.js';

let graph: TestGraph;
let superuser: pg.Client;
beforeAll(async () => {
  graph = await createTestGraph();
  const { superuserUrl } = graph.database;
  superuser = new pg.Client(connectionSettings(testDatabaseConfig, superuserUrl, ownerLimits(testDatabaseConfig)));
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await graph[Symbol.asyncDispose]();
});

const trail = new PostgresAuditTrail();
const userId = randomUUID();
let tenant: string;
beforeEach(() => {
  tenant = randomUUID();
});

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  action: 'job.create',
  objectType: 'job',
  objectId: randomUUID(),
  ...more,
});
const record = (more?: Partial<AuditEntry>, of = tenant): Promise<void> =>
  graph.transaction.run(of, (manager) => trail.record(manager, { tenantId: of, userId }, entry(more)));
const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  graph.transaction.run(tenant, (manager) => manager.query(text, values));
const verify = (): Promise<AuditChainReport> =>
  graph.transaction.run(tenant, (manager) => verifyAuditChain(manager, tenant));
/** As somebody whom neither rights nor triggers stop. */
async function tamper(statement: string): Promise<void> {
  await superuser.query(`BEGIN; SET LOCAL session_replication_role = replica; ${statement}; COMMIT`);
}

describe('PostgresAuditTrail', () => {
  it('holds what was given, numbered and timed by the database', async () => {
    const given = entry({ before: { status: 'pending' }, after: { status: 'running' }, reason: 'Пора 🚀\u0007' });
    await runInRequest('request-1', () => record(given));
    await record({ refusal: { status: 409, detail: 'No' } });
    const rows = await sql(`SELECT * FROM audit_event ORDER BY sequence`);
    expect(rows).toMatchObject([
      {
        tenant_id: tenant,
        sequence: '1',
        actor_kind: 'user',
        actor_id: userId,
        action: 'job.create',
        object_id: given.objectId,
        before: { status: 'pending' },
        after: { status: 'running' },
        reason: 'Пора 🚀\u0007',
        refusal: null,
        request_id: 'request-1',
      },
      { sequence: '2', actor_kind: 'module', request_id: null, refusal: { status: 409, detail: 'No' } },
    ]);
  });

  it('is part of the transaction: what is rolled back leaves neither an event nor a gap', async () => {
    await record();
    const failed = graph.transaction.run(tenant, async (manager) => {
      await trail.record(manager, { tenantId: tenant, userId }, entry());
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    await record();
    expect(await verify()).toMatchObject({ eventCount: 2, firstSequence: 1, lastSequence: 2, faults: [] });
  });

  it('keeps one order for many writers at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => record()));
    expect(await verify()).toMatchObject({ eventCount: 20, lastSequence: 20, faults: [] });
    const rows = await sql<{ ordered: boolean }>(
      `SELECT bool_and(created_at > before) AS ordered
       FROM (SELECT created_at, lag(created_at) OVER (ORDER BY sequence) AS before FROM audit_event) AS event`,
    );
    expect(rows).toEqual([{ ordered: true }]);
  });

  it('does not show or number events of another tenant', async () => {
    const other = randomUUID();
    await record({}, other);
    await record();
    expect(await sql('SELECT sequence, tenant_id FROM audit_event')).toEqual([{ sequence: '1', tenant_id: tenant }]);
  });

  it.each([
    ['UPDATE audit_event SET reason = NULL'],
    ['DELETE FROM audit_event'],
    ['TRUNCATE audit_event'],
    ['INSERT INTO audit_event SELECT * FROM audit_event'],
    ['UPDATE audit_head SET sequence = 0'],
    ['DELETE FROM audit_head'],
    ['DELETE FROM audit_event_default'],
    ['SELECT FROM audit_event_default'],
    [`DELETE FROM audit_event_${new Date().toISOString().slice(0, 7).replace('-', '_')}`],
    ['ALTER TABLE audit_event DISABLE TRIGGER ALL'],
  ])('refuses the application %s', async (statement) => {
    await record();
    await expect(sql(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('refuses its owner too to change events', async () => {
    await record();
    const owner = new pg.Client(
      connectionSettings(testDatabaseConfig, graph.database.ownerUrl, ownerLimits(testDatabaseConfig)),
    );
    await owner.connect();
    try {
      await owner.query(`SELECT set_config('app.current_tenant', $1, false)`, [tenant]);
      await expect(owner.query('DELETE FROM audit_event')).rejects.toThrow(/never changed/);
      await expect(owner.query(`UPDATE audit_event SET reason = 'x'`)).rejects.toThrow(/never changed/);
    } finally {
      await owner.end();
    }
  });

  it('lies in a partition for its month', async () => {
    await record();
    const { rows } = await superuser.query<{ partition: string }>(
      'SELECT tableoid::regclass::text AS partition FROM audit_event WHERE tenant_id = $1',
      [tenant],
    );
    expect(rows[0].partition).toMatch(/^audit_event_\d{4}_\d{2}$/);
  });
});

describe('verifyAuditChain', () => {
  beforeEach(async () => {
    for (let count = 0; count < 4; count++) await record({ reason: `reason ${count}` });
  });

  it('finds nothing in a trail that nobody has touched', async () => {
    expect(await verify()).toEqual({
      eventCount: 4,
      firstSequence: 1,
      lastSequence: 4,
      headHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      faults: [],
    });
  });

  it.each([
    [
      'an event that is missing',
      `DELETE FROM audit_event WHERE sequence = 2`,
      [{ sequence: 3, fault: 'broken_before' }],
    ],
    [
      'a newest event that is missing',
      `DELETE FROM audit_event WHERE sequence = 4`,
      [{ sequence: 3, fault: 'broken_after' }],
    ],
    [
      'an event that was changed',
      `UPDATE audit_event SET reason = 'x' WHERE sequence = 2`,
      [{ sequence: 2, fault: 'changed' }],
    ],
    [
      'an event that was changed with its hash',
      `UPDATE audit_event SET reason = 'x' WHERE sequence = 2;
       UPDATE audit_event SET hash = audit_hash(audit_event) WHERE sequence = 2`,
      [{ sequence: 3, fault: 'broken_before' }],
    ],
    ['a trail that has gone', 'DELETE FROM audit_event', [{ sequence: 0, fault: 'broken_after' }]],
  ])('names %s', async (_, statement, faults) => {
    const ofTenant = (one: string): string =>
      one.includes('WHERE') ? `${one} AND tenant_id = '${tenant}'` : `${one} WHERE tenant_id = '${tenant}'`;
    await tamper(statement.split(';').map(ofTenant).join(';'));
    expect((await verify()).faults).toEqual(faults);
  });

  it('takes a trail for whole whose oldest events were dropped', async () => {
    await tamper(`DELETE FROM audit_event WHERE sequence < 3 AND tenant_id = '${tenant}'`);
    expect(await verify()).toMatchObject({ eventCount: 2, firstSequence: 3, lastSequence: 4, faults: [] });
  });
});

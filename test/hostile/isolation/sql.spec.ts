import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SCHEMA } from '../../../src/database/connection.js';
import { JOB_QUEUE_SCHEMA } from '../../../src/database/job-queues.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { testServer } from '../../support/test-database.js';
import { Stock } from '../fuzz/stock.js';
import {
  type ForeignKey,
  inTenant,
  refusalOf,
  tenantForeignKeys,
  tenantTables,
  writtenColumns,
} from './tenant-tables.js';

/** Insufficient privilege: what a missing right and a row-level policy both say. */
const REFUSED = '42501';
const BROKEN_FOREIGN_KEY = '23503';
/** Only the function of its owner's writes these. */
const READ_ONLY = ['audit_event', 'audit_head'];

let service: TestService;
let application: pg.Client;
let superuser: pg.Client;
let tables: string[];
let foreignKeys: ForeignKey[];
let ours: string;
let theirs: string;

beforeAll(async () => {
  service = await startTestService();
  [ours, theirs] = await Promise.all([fillTenant(), fillTenant()]);
  application = new pg.Client({ connectionString: service.database.url, options: `-c search_path=${SCHEMA}` });
  superuser = new pg.Client({ connectionString: service.database.superuserUrl, options: `-c search_path=${SCHEMA}` });
  await Promise.all([application.connect(), superuser.connect()]);
  tables = await tenantTables(superuser);
  foreignKeys = await tenantForeignKeys(superuser);
});
afterAll(async () => {
  await application.end();
  await superuser.end();
  await service[Symbol.asyncDispose]();
});

/** A tenant with rows in every table, under the same external ids as any other. */
async function fillTenant(): Promise<string> {
  const stock = new Stock(service.url);
  const { tenant, token } = stock;
  await stock.replenish();
  const call = async (path: string, json: object): Promise<Record<string, unknown>> => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const { status, body } = await service.call('POST', `/governance/role-mining${path}`, { token, json, headers });
    if (status >= 300) throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
    return body;
  };
  const first = async (sql: string): Promise<string> => (await service.asTenant<{ id: string }>(tenant, sql))[0].id;
  const [a, b] = await service.asTenant<{ id: string }>(tenant, 'SELECT id FROM access_entitlement LIMIT 2');
  await call('/sod-rules', { name: 'Never both', entitlement_ids_a: [a.id], entitlement_ids_b: [b.id] });
  await call('/webhooks', { url: 'https://receiver.invalid/', event_types: ['candidate.dismissed'] });
  const candidate = await first('SELECT id FROM role_mining_candidate LIMIT 1');
  await call(`/candidates/${candidate}/dismiss`, { reason: 'A test' });
  const job = await first('SELECT id FROM role_mining_job LIMIT 1');
  await call(`/jobs/${job}/events/ticket`, {});
  await service.asTenant(
    tenant,
    `INSERT INTO access_usage SELECT tenant_id, user_number, entitlement_number, now() FROM access_assignment LIMIT 1
     ON CONFLICT DO NOTHING`,
  );
  await service.asTenant(
    tenant,
    `INSERT INTO access_role_inheritance SELECT $1, senior.id, junior.id FROM access_role senior, access_role junior
     WHERE senior.id > junior.id LIMIT 1`,
    [tenant],
  );
  const hasSuspicions = await service.asTenant(tenant, 'SELECT FROM role_mining_suspected_grant LIMIT 1');
  if (hasSuspicions.length === 0) await copySuspicion(tenant, job);
  return tenant;
}

/** So regular an organisation makes nobody suspicious. */
async function copySuspicion(tenant: string, job: string): Promise<void> {
  await service.asTenant(
    tenant,
    `INSERT INTO role_mining_suspected_grant (tenant_id, job_id, kind, user_id, entitlement_id, score, explanation)
     SELECT $1, $2, 'extra', u.id, e.id, 1, '{}' FROM access_user u, access_entitlement e LIMIT 1`,
    [tenant, job],
  );
}

const count = async (client: pg.Client, sql: string, values: unknown[] = []): Promise<number> => {
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`, values);
  return rows[0].count;
};

/** What the check says of each table that does not say `wanted`. */
async function unlike<T>(wanted: T, check: (table: string) => Promise<T>, of = tables): Promise<[string, T][]> {
  const found: [string, T][] = [];
  for (const table of of) found.push([table, await check(table)]);
  return found.filter(([, answer]) => answer !== wanted);
}

describe('as the application’s login, every table with a tenant', () => {
  it('is looked at, and has rows of both tenants', async () => {
    expect(tables.length).toBeGreaterThan(20);
    expect(
      await unlike(true, async (table) => (await count(superuser, `${table} WHERE tenant_id = $1`, [theirs])) > 0),
    ).toEqual([]);
  });

  it('shows nothing without a tenant, or with an empty one', async () => {
    expect(await unlike(0, (table) => count(application, table))).toEqual([]);
    await application.query(`SET app.current_tenant = ''`);
    expect(await unlike(0, (table) => count(application, table))).toEqual([]);
    await application.query('RESET app.current_tenant');
  });

  it('shows a tenant its own rows, all of them, and none of another', async () => {
    await inTenant(application, ours, async () => {
      expect(await unlike(true, async (table) => (await count(application, table)) > 0)).toEqual([]);
      expect(await unlike(0, (table) => count(application, `${table} WHERE tenant_id <> $1`, [ours]))).toEqual([]);
      const missing = async (table: string): Promise<number> =>
        (await count(superuser, `${table} WHERE tenant_id = $1`, [ours])) - (await count(application, table));
      expect(await unlike(0, missing)).toEqual([]);
    });
  });

  it('takes no row for another tenant', async () => {
    await inTenant(application, ours, async () => {
      const insert = async (table: string): Promise<string | null> => {
        const columns = await writtenColumns(superuser, table);
        const values = columns.map((column) => (column === 'tenant_id' ? '$1::uuid' : column));
        const sql = `INSERT INTO ${table} (${columns.join()}) SELECT ${values.join()} FROM ${table} LIMIT 1`;
        return refusalOf(application, sql, [theirs]);
      };
      expect(await unlike(REFUSED, insert)).toEqual([]);
      const give = (table: string): Promise<string | null> =>
        refusalOf(application, `UPDATE ${table} SET tenant_id = $1`, [theirs]);
      expect(await unlike(REFUSED, give)).toEqual([]);
    });
  });

  it('lets nobody change or remove another tenant’s rows', async () => {
    await inTenant(application, ours, async () => {
      const changed = async (table: string): Promise<number> => {
        const update = `UPDATE ${table} SET tenant_id = tenant_id WHERE tenant_id = $1`;
        const { rowCount: updated } = await application.query(update, [theirs]);
        const { rowCount: removed } = await application.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [theirs]);
        return (updated ?? 0) + (removed ?? 0);
      };
      const writable = tables.filter((table) => !READ_ONLY.includes(table));
      expect(await unlike(0, changed, writable)).toEqual([]);
      const refused = (table: string): Promise<string | null> => refusalOf(application, `DELETE FROM ${table}`);
      expect(await unlike(REFUSED, refused, READ_ONLY)).toEqual([]);
    });
  });

  it('refuses references to rows of another tenant', async () => {
    expect(foreignKeys.length).toBeGreaterThan(5);
    const answers: [string, string | null][] = [];
    for (const { name, child, parent, column, parentColumn } of foreignKeys) {
      const { rows } = await superuser.query<{ id: unknown }>(
        `SELECT ${parentColumn} AS id FROM ${parent} WHERE tenant_id = $1 LIMIT 1`,
        [theirs],
      );
      const update = `UPDATE ${child} SET ${column} = $1 WHERE ctid = (SELECT ctid FROM ${child} LIMIT 1)`;
      const answer = await inTenant(application, ours, () => refusalOf(application, update, [rows[0].id]));
      answers.push([name, answer]);
    }
    expect(answers.filter(([, answer]) => answer !== BROKEN_FOREIGN_KEY)).toEqual([]);
  });

  it('writes audit events for the current tenant only, and none without one', async () => {
    const append = `SELECT audit_append('user', NULL, 'job.run', 'job', NULL, NULL, NULL, NULL, NULL, NULL)`;
    await inTenant(application, ours, async () => {
      const before = await count(application, 'audit_event');
      await application.query(append);
      expect(await count(application, 'audit_event')).toBe(before + 1);
    });
    await application.query('BEGIN');
    expect(await refusalOf(application, append)).not.toBeNull();
    await application.query('ROLLBACK');
  });
});

describe('the application’s login', () => {
  it('cannot leave its role, get around the policies, or change structure', async () => {
    const { owner, application: login } = testServer();
    const attempts = [
      `SET ROLE ${owner.name}`,
      'SET ROLE postgres',
      'SET ROLE pg_read_all_data',
      `SET SESSION AUTHORIZATION ${owner.name}`,
      `ALTER ROLE ${login.name} BYPASSRLS`,
      `ALTER ROLE ${login.name} SUPERUSER`,
      `GRANT ${owner.name} TO ${login.name}`,
      `GRANT pg_read_all_data TO ${login.name}`,
      'CREATE ROLE intruder',
      'ALTER TABLE access_user DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE access_user NO FORCE ROW LEVEL SECURITY',
      'DROP POLICY IF EXISTS access_user_tenant ON access_user',
      'CREATE POLICY intruder ON access_user USING (true)',
      'DROP TABLE access_user',
      'TRUNCATE access_user',
      'ALTER TABLE access_user ADD COLUMN intruder text',
      'CREATE INDEX ON access_user (external_id)',
      'CREATE TRIGGER intruder BEFORE INSERT ON access_user FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()',
      'DROP TRIGGER audit_event_append_only ON audit_event',
      `CREATE TABLE ${SCHEMA}.intruder (id int)`,
      `CREATE VIEW ${SCHEMA}.intruder AS SELECT 1 AS one`,
      `CREATE FUNCTION ${SCHEMA}.intruder() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      `CREATE TABLE ${JOB_QUEUE_SCHEMA}.intruder (id int)`,
      `TRUNCATE ${JOB_QUEUE_SCHEMA}.job`,
      `DROP TABLE ${JOB_QUEUE_SCHEMA}.job`,
      'CREATE TABLE public.intruder (id int)',
      'CREATE SCHEMA intruder',
      `DROP SCHEMA ${SCHEMA} CASCADE`,
      `CREATE FUNCTION pg_temp.intruder() RETURNS int LANGUAGE c AS 'x', 'y'`,
      'CREATE EXTENSION dblink',
      `COPY (SELECT 1) TO PROGRAM 'true'`,
      `COPY access_user FROM '/etc/passwd'`,
      `SELECT pg_read_file('/etc/passwd')`,
      `SELECT lo_import('/etc/passwd')`,
      'SELECT passwd FROM pg_shadow',
      'SET session_replication_role = replica',
      'SELECT pg_reload_conf()',
      'INSERT INTO schema_migration DEFAULT VALUES',
      'SELECT * FROM audit_event_default',
    ];
    await application.query('BEGIN');
    const succeeded: [string, string | null][] = [];
    for (const attempt of attempts) {
      const refusal = await refusalOf(application, attempt);
      // A policy or a role that is called something else would pass for refused.
      if (refusal !== REFUSED) succeeded.push([attempt, refusal]);
    }
    await application.query('ROLLBACK');
    expect(succeeded).toEqual([]);
    // These are refused inside of a transaction for that alone.
    for (const attempt of ['CREATE DATABASE intruder', `ALTER SYSTEM SET log_statement = 'none'`]) {
      await expect(application.query(attempt)).rejects.toMatchObject({ code: REFUSED });
    }
  });

  it('is told so instead of seeing more when it turns row security off', async () => {
    await inTenant(application, ours, async () => {
      await application.query('SET LOCAL row_security = off');
      expect(await unlike(REFUSED, (table) => refusalOf(application, `SELECT FROM ${table}`))).toEqual([]);
    });
  });

  it('has rows to read and write, and nothing else, of our schemas only', async () => {
    const { rows } = await application.query<{ table: string; rights: string[] }>(
      `SELECT format('%s.%s', nspname, relname) AS table, array_agg(privilege ORDER BY privilege) AS rights
       FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace,
         unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
       WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
         AND nspname NOT LIKE 'pg_temp%' AND has_table_privilege(c.oid, privilege)
       GROUP BY 1`,
    );
    const schemas = new Set(rows.map(({ table }) => table.split('.', 1)[0]));
    expect([...schemas].sort()).toEqual([JOB_QUEUE_SCHEMA, SCHEMA].sort());
    const beyond = rows.filter(({ rights }) => rights.some((right) => /TRUNCATE|REFERENCES|TRIGGER/.test(right)));
    expect(beyond).toEqual([]);
    const readOnly = rows.filter(({ rights }) => rights.join() === 'SELECT').map(({ table }) => table);
    expect(readOnly.sort()).toEqual([...READ_ONLY, 'schema_migration'].map((table) => `${SCHEMA}.${table}`).sort());
  });

  it('meets no view, and no function with its owner’s rights but the audit trail’s', async () => {
    const { rows: views } = await superuser.query(
      `SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
       WHERE nspname = ANY ($1) AND relkind IN ('v', 'm')`,
      [[SCHEMA, JOB_QUEUE_SCHEMA]],
    );
    expect(views).toEqual([]);
    const { rows: functions } = await superuser.query<{ name: string; settings: string[] }>(
      `SELECT proname AS name, proconfig AS settings FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
       WHERE nspname = ANY ($1) AND prosecdef`,
      [[SCHEMA, JOB_QUEUE_SCHEMA]],
    );
    // Its search path is fixed, temporary objects last: nobody can put a table of their own before ours.
    expect(functions).toEqual([{ name: 'audit_append', settings: [`search_path=${SCHEMA}, pg_temp`] }]);
  });
});

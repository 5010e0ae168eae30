import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { requireApplicationLogin } from '../../src/database/application-login.js';
import { connectionSettings, ownerLimits, SCHEMA } from '../../src/database/connection.js';
import { JOB_QUEUE_SCHEMA } from '../../src/database/job-queues.js';
import {
  findForeignKeysWithoutTenant,
  findUnprotectedTables,
  TABLES_WITHOUT_TENANT,
} from '../support/row-level-security.js';
import { createTestDatabase, testDatabaseConfig, type TestDatabase } from '../support/test-database.js';

const SCHEMAS = [SCHEMA, JOB_QUEUE_SCHEMA];
const TENANT = `(SELECT NULLIF(current_setting('app.current_tenant', true), '')::uuid)`;

describe('row-level security', () => {
  let database: TestDatabase;
  let owner: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client(connectionSettings(testDatabaseConfig, database.ownerUrl, ownerLimits(testDatabaseConfig)));
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await database.dispose();
  });

  it('protects every table of our schemas but the named ones', async () => {
    expect(await findUnprotectedTables(owner, SCHEMAS)).toEqual([]);
  });

  it('excepts only tables that exist', async () => {
    const { rows } = await owner.query<{ table: string }>(
      `SELECT format('%s.%s', schemaname, tablename) AS table FROM pg_tables WHERE schemaname = ANY ($1)`,
      [SCHEMAS],
    );
    expect(rows.map(({ table }) => table)).toEqual(expect.arrayContaining(Object.keys(TABLES_WITHOUT_TENANT)));
  });

  it('has the tenant in every foreign key', async () => {
    expect(await findForeignKeysWithoutTenant(owner, SCHEMA)).toEqual([]);
  });

  it.each([
    ['no protection', '', 'leak has no row-level security'],
    [
      'protection that is not forced',
      `ALTER TABLE leak ENABLE ROW LEVEL SECURITY;
       CREATE POLICY p ON leak USING (tenant_id = ${TENANT}) WITH CHECK (tenant_id = ${TENANT})`,
      'leak lets its owner around row-level security',
    ],
    [
      'a policy for reading only',
      `ALTER TABLE leak ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
       CREATE POLICY p ON leak FOR SELECT USING (tenant_id = ${TENANT})`,
      'leak has no policy for all commands',
    ],
    [
      'a policy without WITH CHECK',
      `ALTER TABLE leak ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
       CREATE POLICY p ON leak USING (tenant_id = ${TENANT})`,
      'leak has the policy p, which does not compare the tenant in USING and WITH CHECK',
    ],
    [
      'a second policy that opens it again',
      `ALTER TABLE leak ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
       CREATE POLICY p ON leak USING (tenant_id = ${TENANT}) WITH CHECK (tenant_id = ${TENANT});
       CREATE POLICY q ON leak USING (true) WITH CHECK (true)`,
      'leak has the policy q, which does not compare the tenant in USING and WITH CHECK',
    ],
  ])('is seen to be missing from a table with %s', async (_, protection, finding) => {
    await owner.query('BEGIN');
    await owner.query(`CREATE TABLE leak (tenant_id uuid NOT NULL, id uuid); ${protection}`);
    expect(await findUnprotectedTables(owner, SCHEMAS)).toEqual([`${SCHEMA}.${finding}`]);
    await owner.query('ROLLBACK');
  });

  it('sees a foreign key without the tenant', async () => {
    await owner.query('BEGIN');
    await owner.query(`
      CREATE TABLE parent (tenant_id uuid, id uuid UNIQUE);
      CREATE TABLE child (tenant_id uuid, parent_id uuid CONSTRAINT child_parent_fk REFERENCES parent (id))`);
    expect(await findForeignKeysWithoutTenant(owner, SCHEMA)).toEqual(['child_parent_fk']);
    await owner.query('ROLLBACK');
  });

  it('binds the login of the application', async () => {
    const application = new pg.Client(database.url);
    await application.connect();
    try {
      await expect(requireApplicationLogin(application, database.url)).resolves.toBeUndefined();
      const { rows } = await application.query(
        `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user`,
      );
      expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
    } finally {
      await application.end();
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import {
  applicationLimits,
  connectionSettings,
  dataSourceOptions,
  loginOf,
  SCHEMA,
} from '../../src/database/connection.js';
import { DatabaseHealth } from '../../src/database/database-health.js';
import { JOB_QUEUE_SCHEMA, MINING_JOB_QUEUE } from '../../src/database/job-queues.js';
import { MIGRATIONS } from '../../src/database/migration-list.js';
import { openDatabase } from '../../src/database/open-database.js';
import { prepareDatabase, requireServerVersion } from '../../src/database/prepare-database.js';
import { createTestDatabase, testDatabaseConfig as config, type TestDatabase } from '../support/test-database.js';

const NAMES = MIGRATIONS.map(({ name }) => name);

let database: TestDatabase;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionSettings(config, url, applicationLimits(config)));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('an empty database', () => {
  beforeEach(async () => {
    database = await createTestDatabase('empty');
  });
  afterEach(() => database.dispose());

  const prepare = () => prepareDatabase(config, database.ownerUrl, loginOf(database.url));

  it('is migrated once by processes that start together, and again by none', async () => {
    const prepared = await Promise.all([prepare(), prepare(), prepare()]);
    expect(prepared.flatMap(({ appliedMigrations }) => appliedMigrations)).toEqual(NAMES);
    expect((await prepare()).appliedMigrations).toEqual([]);
  });

  it('keeps the service not ready until somebody migrates', async () => {
    await using open = await openDatabase({ ...config, url: database.url });
    const dataSource = new DataSource(dataSourceOptions(config, open.url, applicationLimits(config)));
    await dataSource.initialize();
    try {
      const health = new DatabaseHealth(dataSource);
      expect(await health.databaseReady()).toEqual({
        ready: false,
        reason: expect.stringMatching(new RegExp(`lacks ${NAMES.join(', ')}, job queue \\d+: run DATABASE_OWNER_URL=`)),
      });
      await prepare();
      expect(await health.databaseReady()).toEqual({ ready: true });
      await withClient(database.ownerUrl, (owner) =>
        owner.query('DELETE FROM schema_migration WHERE name = $1', [NAMES[1]]),
      );
      expect(await new DatabaseHealth(dataSource).databaseReady()).toMatchObject({
        ready: false,
        reason: expect.stringContaining(`the schema lacks ${NAMES[1]}:`),
      });
    } finally {
      await dataSource.destroy();
    }
  });

  it('is migrated at the start when the owner’s login is known', async () => {
    await using open = await openDatabase({ ...config, url: database.url, ownerUrl: database.ownerUrl });
    const { rows } = await withClient(open.url, (client) =>
      client.query<{ name: string }>('SELECT name FROM schema_migration'),
    );
    expect(rows.map(({ name }) => name)).toEqual(NAMES);
  });

  it('gets the login of the application from a superuser', async () => {
    const name = loginOf(database.url).name.replace('_app_', '_new_');
    const login = { name, password: `it's "quoted"` };
    try {
      const prepared = await prepareDatabase(config, database.superuserUrl, login);
      expect(prepared.createdLogin).toBe(true);
      const url = new URL(database.url);
      url.username = name;
      url.password = login.password;
      await using open = await openDatabase({ ...config, url: url.toString() });
      expect((await withClient(open.url, (client) => client.query('SELECT FROM role_mining_job'))).rowCount).toBe(0);
    } finally {
      await withClient(database.superuserUrl, (client) => client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`));
    }
  });

  it('tells an owner who may not make logins what a superuser has to do', async () => {
    await expect(
      prepareDatabase(config, database.ownerUrl, { name: 'nobody_yet', password: 'secret' }),
    ).rejects.toThrow(
      `The login "nobody_yet" does not exist and the owner may not create it. ` +
        `As a superuser: CREATE ROLE "nobody_yet" LOGIN PASSWORD '…'`,
    );
  });
});

describe('the application’s login', () => {
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.dispose());

  it.each([
    ['a superuser', () => database.superuserUrl, 'is a superuser'],
    ['the owner', () => database.ownerUrl, 'owns the database or its tables'],
  ])('is refused when it is %s, with the command that sets one up', async (_, url, fault) => {
    const opened = openDatabase({ ...config, url: url() });
    await expect(opened).rejects.toThrow(fault);
    await expect(opened).rejects.toThrow(
      /^DATABASE_URL: .* set one up with DATABASE_OWNER_URL=postgresql:.* DATABASE_URL=postgresql:\/\/role_mining_app:PASSWORD@.* npx role-mining migrate$/,
    );
    await expect(opened).rejects.not.toThrow(`:${loginOf(url()).password}@`);
  });

  it('is refused when it bypasses row-level security, or is a member of the owner', async () => {
    const name = loginOf(database.url).name.replace('_app_', '_bypass_');
    const url = new URL(database.url);
    url.username = name;
    const superuser = (sql: string) => withClient(database.superuserUrl, (client) => client.query(sql));
    await superuser(`CREATE ROLE ${name} LOGIN BYPASSRLS PASSWORD '${loginOf(database.url).password}'`);
    try {
      await expect(openDatabase({ ...config, url: url.toString() })).rejects.toThrow('(BYPASSRLS)');
      await superuser(`ALTER ROLE ${name} NOBYPASSRLS; GRANT ${loginOf(database.ownerUrl).name} TO ${name}`);
      await expect(openDatabase({ ...config, url: url.toString() })).rejects.toThrow('owns the database or its tables');
    } finally {
      await superuser(`DROP ROLE ${name}`);
    }
  });

  it('reads and writes rows and changes no structure', async () => {
    await withClient(database.url, async (client) => {
      for (const table of [SCHEMA, JOB_QUEUE_SCHEMA].map((schema) => `${schema}.intruder`)) {
        await expect(client.query(`CREATE TABLE ${table} (id int)`)).rejects.toThrow('permission denied for schema');
      }
      await expect(client.query('DROP TABLE role_mining_job')).rejects.toThrow('must be owner');
      await expect(client.query('DELETE FROM schema_migration')).rejects.toThrow('permission denied');
      await expect(client.query('CREATE TEMPORARY TABLE staging (id int)')).resolves.toBeDefined();
    });
  });

  it('runs the job queue, whose schema it cannot change', async () => {
    const boss = new PgBoss({
      ...connectionSettings(config, database.url, applicationLimits(config)),
      ssl: undefined,
      schema: JOB_QUEUE_SCHEMA,
      migrate: false,
      schedule: false,
    });
    await boss.start();
    try {
      await boss.supervise();
      const id = await boss.send(MINING_JOB_QUEUE, { jobId: 'one' });
      const [job] = await boss.fetch<{ jobId: string }>(MINING_JOB_QUEUE);
      expect(job).toMatchObject({ id, data: { jobId: 'one' }, heartbeatSeconds: 10 });
      await boss.complete(MINING_JOB_QUEUE, job.id);
    } finally {
      await boss.stop({ graceful: false });
    }
  });

  it('is told which server does not answer, without its password', async () => {
    const opened = openDatabase({ ...config, url: 'postgresql://somebody:hidden@127.0.0.1:1/governance' });
    await expect(opened).rejects.toThrow(
      'DATABASE_URL: cannot connect to postgresql://somebody@127.0.0.1:1/governance: connect ECONNREFUSED 127.0.0.1:1',
    );
  });
});

describe('openDatabase', () => {
  it('does not fall back to the embedded server when only the owner’s login is set', async () => {
    await expect(
      openDatabase({ ...config, url: null, ownerUrl: 'postgresql://owner@127.0.0.1:1/governance' }),
    ).rejects.toThrow('DATABASE_URL: not set, expected the login of the application along with DATABASE_OWNER_URL');
  });
});

describe('requireServerVersion', () => {
  const serverOf = (server_version: string) =>
    ({ query: () => Promise.resolve({ rows: [{ server_version }] }) }) as unknown as pg.ClientBase;

  it('takes PostgreSQL 14 and newer', async () => {
    await expect(requireServerVersion(serverOf('14.0 (Debian 14.0-1)'))).resolves.toBeUndefined();
    await expect(requireServerVersion(serverOf('13.22'))).rejects.toThrow(
      'The database is PostgreSQL 13.22, and 14 or newer is needed',
    );
  });
});

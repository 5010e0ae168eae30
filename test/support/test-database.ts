import { tmpdir } from 'node:os';
import pg from 'pg';
import type { DatabaseConfig } from '../../src/config/config.js';
import { loadDatabaseConfig } from '../../src/config/load-config.js';
import type { Login } from '../../src/database/connection.js';
import type { OpenDatabase } from '../../src/database/open-database.js';

/** Defaults, whatever the environment of the run says. */
export const testDatabaseConfig: DatabaseConfig = loadDatabaseConfig({ DATA_DIR: tmpdir() });

/** The server of the run, as the global set-up hands it to the workers. */
export interface TestServer {
  readonly run: string;
  readonly superuserUrl: string;
  readonly owner: Login;
  readonly application: Login;
  readonly template: string;
}

export const TEST_SERVER_VARIABLE = 'ROLE_MINING_TEST_SERVER';

/** A database for one spec file. */
export interface TestDatabase extends AsyncDisposable {
  /** As the application's login. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** As the application opens it. */
  readonly open: OpenDatabase;
  dispose(): Promise<void>;
}

let created = 0;

/**
 * Clones the migrated template (about 50 ms), or makes an empty database. Dispose of it in `afterAll`; with
 * KEEP_TEST_DATABASES set it stays, to be looked at.
 */
export async function createTestDatabase(content: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const server = testServer();
  created += 1;
  const name = `test_${server.run}_${process.env['JEST_WORKER_ID'] ?? '0'}_${process.pid}_${created}`;
  const template = content === 'migrated' ? server.template : 'template0';
  await asSuperuser(server, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${server.owner.name}`);
  const url = urlOf(server.superuserUrl, server.application, name);
  const nothing = (): Promise<void> => Promise.resolve();
  const dispose = async (): Promise<void> => {
    if (!process.env['KEEP_TEST_DATABASES']) await asSuperuser(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return {
    url,
    ownerUrl: urlOf(server.superuserUrl, server.owner, name),
    superuserUrl: withDatabase(server.superuserUrl, name),
    open: {
      url,
      config: { ...testDatabaseConfig, url },
      appliedMigrations: [],
      close: nothing,
      [Symbol.asyncDispose]: nothing,
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** The run's server; what is made on it beside databases must have names of its own. */
export function testServer(): TestServer {
  const handed = process.env[TEST_SERVER_VARIABLE];
  if (handed === undefined) throw new Error('No test server: run this spec in the project "integration" or "e2e"');
  return JSON.parse(handed) as TestServer;
}

export function urlOf(serverUrl: string, login: Login, database: string): string {
  const url = new URL(withDatabase(serverUrl, database));
  url.username = login.name;
  url.password = login.password;
  return url.toString();
}

function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

async function asSuperuser(server: TestServer, statement: string): Promise<void> {
  const client = new pg.Client(server.superuserUrl);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

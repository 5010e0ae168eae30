import { createHmac } from 'node:crypto';
import pg from 'pg';
import type { DatabaseConfig } from '../config/config.js';
import { createApplicationLogin, requireApplicationLogin } from './application-login.js';
import { applicationLimits, connectionSettings, loginOf, type Login } from './connection.js';
import { DatabaseSetupError } from './database-setup.error.js';
import { closeOnSignal } from './embedded-server/close-on-signal.js';
import { EmbeddedServer } from './embedded-server/embedded-server.js';
import { connect, prepareDatabase, type PrepareOwnTables, requireServerVersion } from './prepare-database.js';

/** The database of this process: where it is, and how to let go of it. */
export interface OpenDatabase extends AsyncDisposable {
  /** The application's login. */
  readonly url: string;
  readonly config: DatabaseConfig;
  /** Names of the migrations that were applied when it was opened. */
  readonly appliedMigrations: readonly string[];
  /** Call it when all connections are closed: it may stop the embedded server. May be called again. */
  close(): Promise<void>;
}

const EMBEDDED_DATABASE = 'role_mining';
const EMBEDDED_OWNER = 'role_mining_owner';
const EMBEDDED_APPLICATION = 'role_mining_app';

/**
 * Makes the configured database ready for the application: starts the embedded server when none is configured, brings
 * the schema up to date where the owner's login is known, and checks the application's.
 *
 * @param prepareOwnTables what a governance module keeps in the same database; where the owner's login is not known, it
 *   has to be there already
 * @throws EmbeddedServerError
 * @throws DatabaseSetupError
 */
export async function openDatabase(config: DatabaseConfig, prepareOwnTables?: PrepareOwnTables): Promise<OpenDatabase> {
  if (config.url !== null) return openExternal(config, config.url, prepareOwnTables);
  if (config.ownerUrl === null) return openEmbedded(config, prepareOwnTables);
  throw new DatabaseSetupError(
    'DATABASE_URL: not set, expected the login of the application along with DATABASE_OWNER_URL',
  );
}

async function openExternal(
  config: DatabaseConfig,
  url: string,
  prepareOwnTables?: PrepareOwnTables,
): Promise<OpenDatabase> {
  const prepared =
    config.ownerUrl === null ? null : await prepareDatabase(config, config.ownerUrl, loginOf(url), prepareOwnTables);
  const client = new pg.Client(connectionSettings(config, url, applicationLimits(config)));
  await connect(client, url, 'DATABASE_URL');
  try {
    await requireServerVersion(client);
    await requireApplicationLogin(client, url);
  } finally {
    await client.end();
  }
  const close = (): Promise<void> => Promise.resolve();
  return { url, config, appliedMigrations: prepared?.appliedMigrations ?? [], close, [Symbol.asyncDispose]: close };
}

async function openEmbedded(config: DatabaseConfig, prepareOwnTables?: PrepareOwnTables): Promise<OpenDatabase> {
  const server = await EmbeddedServer.start({ dataDirectory: config.dataDirectory });
  const undo = closeOnSignal(() => server.close());
  const close = (): Promise<void> => server.close().finally(undo);
  try {
    const owner = embeddedLogin(server, EMBEDDED_OWNER);
    const application = embeddedLogin(server, EMBEDDED_APPLICATION);
    await createEmbeddedDatabase(server, [owner, application]);
    const { appliedMigrations } = await prepareDatabase(
      config,
      server.url(owner, EMBEDDED_DATABASE),
      application,
      prepareOwnTables,
    );
    const url = server.url(application, EMBEDDED_DATABASE);
    return { url, config, appliedMigrations, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Passwords follow from the superuser's, which is generated: one secret to keep, and none to lose beside it. */
function embeddedLogin(server: EmbeddedServer, name: string): Login {
  return { name, password: createHmac('sha256', server.superuserPassword).update(name).digest('hex') };
}

async function createEmbeddedDatabase(server: EmbeddedServer, logins: readonly Login[]): Promise<void> {
  const client = new pg.Client(server.superuserUrl());
  await client.connect();
  try {
    for (const login of logins) await createApplicationLogin(client, login);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [EMBEDDED_DATABASE]);
    if (rowCount === 0) await createDatabase(client, EMBEDDED_DATABASE, EMBEDDED_OWNER);
  } finally {
    await client.end();
  }
}

async function createDatabase(client: pg.ClientBase, name: string, owner: string): Promise<void> {
  try {
    await client.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  } catch (error) {
    // Another process was faster (a duplicate, told in one of two ways).
    if (!(error instanceof pg.DatabaseError) || (error.code !== '42P04' && error.code !== '23505')) throw error;
  }
}

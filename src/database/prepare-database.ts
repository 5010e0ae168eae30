import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { createApplicationLogin, grantRights } from './application-login.js';
import {
  connectionSettings,
  dataSourceOptions,
  ownerLimits,
  SCHEMA,
  withoutPassword,
  type Login,
} from './connection.js';
import { DatabaseSetupError } from './database-setup.error.js';
import { JOB_QUEUE_SCHEMA, JOB_QUEUES } from './job-queues.js';

export interface PreparedDatabase {
  /** Names of the migrations that were applied now. */
  readonly appliedMigrations: readonly string[];
  readonly createdLogin: boolean;
}

/**
 * Makes the tables ready that a governance module has beside ours, as the owner of the database. Called whenever ours are
 * made ready, by one process at a time.
 *
 * @param applicationLogin has to be given its rights on them
 */
export type PrepareOwnTables = (owner: pg.ClientBase, applicationLogin: string) => Promise<void>;

const OLDEST_SERVER = 14;
/** Processes that start together prepare one after the other, and the later ones find nothing left to do. */
const PREPARATION_LOCK = 0x726d6d;
/** A partition of the audit trail for each month to come; a database that is not prepared for longer uses the default one. */
const ADD_AUDIT_MONTHS = `SELECT ${SCHEMA}.audit_add_months((now() + interval '12 months')::date)`;

/**
 * Brings a database to the state that this release needs: the application's login, our tables, the job queue's, and the
 * application's rights on them. As the owner; safe to repeat and to run from several processes at once.
 *
 * @throws DatabaseSetupError
 */
export async function prepareDatabase(
  config: DatabaseConfig,
  ownerUrl: string,
  application: Login,
  prepareOwnTables?: PrepareOwnTables,
): Promise<PreparedDatabase> {
  const unlimited = { statementTimeoutMs: null, lockTimeoutMs: null, idleTransactionTimeoutMs: null };
  const owner = new pg.Client(connectionSettings(config, ownerUrl, unlimited));
  await connect(owner, ownerUrl, 'DATABASE_OWNER_URL');
  try {
    await requireServerVersion(owner);
    await owner.query('SELECT pg_advisory_lock($1)', [PREPARATION_LOCK]);
    const createdLogin = await createApplicationLogin(owner, application);
    await createSchema(owner);
    const appliedMigrations = await migrate(config, ownerUrl);
    await installJobQueue(config, ownerUrl);
    await owner.query(ADD_AUDIT_MONTHS);
    await grantRights(owner, application.name);
    await prepareOwnTables?.(owner, application.name);
    return { appliedMigrations, createdLogin };
  } finally {
    // Ends the lock with the session.
    await owner.end();
  }
}

/** @throws DatabaseSetupError naming the server that could not be reached or logged into, without the password */
export async function connect(client: pg.Client, url: string, variable: string): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    throw new DatabaseSetupError(`${variable}: cannot connect to ${withoutPassword(url)}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** @throws DatabaseSetupError for a PostgreSQL that is too old */
export async function requireServerVersion(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const version = rows[0].server_version;
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new DatabaseSetupError(`The database is PostgreSQL ${version}, and ${OLDEST_SERVER} or newer is needed`);
  }
}

async function createSchema(owner: pg.ClientBase): Promise<void> {
  try {
    await owner.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw error;
    throw new DatabaseSetupError(
      `DATABASE_OWNER_URL's login may not create schemas in its database: make it the database's owner`,
    );
  }
}

async function migrate(config: DatabaseConfig, ownerUrl: string): Promise<string[]> {
  const dataSource = new DataSource({ ...dataSourceOptions(config, ownerUrl, ownerLimits(config)), poolSize: 2 });
  await dataSource.initialize();
  try {
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

async function installJobQueue(config: DatabaseConfig, ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    ...connectionSettings(config, ownerUrl, ownerLimits(config)),
    ssl: connectionSettings(config, ownerUrl, ownerLimits(config)).ssl,
    max: 2,
    schema: JOB_QUEUE_SCHEMA,
    migrate: true,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  // Failures reach us as rejections; unheard, an error event would end the process.
  boss.on('error', () => undefined);
  await boss.start();
  try {
    for (const { name, ...options } of JOB_QUEUES) {
      await boss.createQueue(name, options);
      await boss.updateQueue(name, options);
    }
  } finally {
    await boss.stop();
  }
}

/** Node tries all addresses of a host and reports the failures together, with no message of its own. */
function reasonOf(error: unknown): string {
  const { message, errors } = error as { message: string; errors?: readonly { message: string }[] };
  return message || (errors ?? []).map((one) => one.message).join('; ');
}

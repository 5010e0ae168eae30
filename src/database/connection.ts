import type { PoolConfig } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { HeardClient } from './heard-client.js';
import { MIGRATIONS } from './migration-list.js';
import { OpeningConnection } from './opening-connection.js';
import { VALUE_TYPES } from './value-types.js';

/** Our tables live in a schema of their own, so that they can share a database with somebody else's. */
export const SCHEMA = 'role_mining';
export const MIGRATIONS_TABLE = 'schema_migration';

/** What a session asks of the server for its statements; null is no limit. */
export interface SessionLimits {
  readonly statementTimeoutMs: number | null;
  readonly lockTimeoutMs: number | null;
  readonly idleTransactionTimeoutMs: number | null;
}

/** How to connect as the URL's login. Sent with the connection's start, so limits cost no statement of their own. */
export function connectionSettings(
  config: Pick<DatabaseConfig, 'certificateAuthority' | 'connectTimeoutMs'>,
  url: string,
  limits: SessionLimits,
): PoolConfig {
  return {
    ...urlAndTls(url, config.certificateAuthority),
    Client: HeardClient,
    connectionTimeoutMillis: config.connectTimeoutMs,
    application_name: 'role-mining',
    options: `-c search_path=${SCHEMA}`,
    statement_timeout: limits.statementTimeoutMs ?? false,
    lock_timeout: limits.lockTimeoutMs ?? undefined,
    idle_in_transaction_session_timeout: limits.idleTransactionTimeoutMs ?? undefined,
    // A connection whose peer vanished without a word (a NAT that forgot it) is found out.
    keepAlive: true,
  };
}

export function applicationLimits(config: DatabaseConfig): SessionLimits {
  return {
    statementTimeoutMs: config.statementTimeoutMs,
    lockTimeoutMs: config.lockTimeoutMs,
    idleTransactionTimeoutMs: config.idleTransactionTimeoutMs,
  };
}

/** Migrations may run for long; but a lock that they wait for makes everybody else wait behind them. */
export function ownerLimits(config: Pick<DatabaseConfig, 'lockTimeoutMs'>): SessionLimits {
  return { statementTimeoutMs: null, lockTimeoutMs: config.lockTimeoutMs, idleTransactionTimeoutMs: null };
}

/** Shared by the application, the runner of migrations and TypeORM's command line (ormconfig.ts). */
export function dataSourceOptions(
  config: DatabaseConfig,
  url: string,
  limits: SessionLimits,
): DataSourceOptions & { type: 'postgres' } {
  return {
    type: 'postgres',
    url,
    poolSize: config.poolSize,
    extra: { ...connectionSettings(config, url, limits), Client: OpeningConnection, types: VALUE_TYPES },
    migrations: [...MIGRATIONS],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
  };
}

/** `pg` lets TLS parameters of the URL win over its `ssl` option; with an authority of our own they must not. */
function urlAndTls(url: string, certificateAuthority: string | null): Pick<PoolConfig, 'connectionString' | 'ssl'> {
  if (certificateAuthority === null) return { connectionString: url };
  const parsed = new URL(url);
  for (const parameter of ['ssl', 'sslmode', 'sslrootcert']) parsed.searchParams.delete(parameter);
  return { connectionString: parsed.toString(), ssl: { ca: certificateAuthority, rejectUnauthorized: true } };
}

export interface Login {
  readonly name: string;
  readonly password: string;
}

export function loginOf(url: string): Login {
  const { username, password } = new URL(url);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** The URL with its password left out, fit for messages. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  parsed.search = '';
  return parsed.toString();
}

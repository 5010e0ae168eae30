import type { DataSource } from 'typeorm';
import { errorCode } from '../common/error-code.js';
import { MIGRATIONS_TABLE, SCHEMA } from './connection.js';
import { expectedJobQueueVersion, JOB_QUEUE_SCHEMA } from './job-queues.js';
import { MIGRATIONS } from './migration-list.js';

/**
 * What the schema lacks for this release, as seen by the application; empty when nothing. A schema that is ahead (a
 * newer release has migrated already) lacks nothing.
 */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const applied = await rowsOf<{ name: string }>(dataSource, `SELECT name FROM ${SCHEMA}.${MIGRATIONS_TABLE}`);
  const names = new Set(applied.map(({ name }) => name));
  const pending = MIGRATIONS.map(({ name }) => name).filter((name) => !names.has(name));
  const [queue] = await rowsOf<{ version: number }>(dataSource, `SELECT version FROM ${JOB_QUEUE_SCHEMA}.version`);
  if (queue === undefined || queue.version < expectedJobQueueVersion()) {
    pending.push(`job queue ${expectedJobQueueVersion()}`);
  }
  return pending;
}

const INVALID_SCHEMA_NAME = '3F000';
const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';

/** No rows when the table does not exist or was not granted to us: both mean that nobody has migrated for us. */
async function rowsOf<T>(dataSource: DataSource, sql: string): Promise<T[]> {
  try {
    return await dataSource.query<T[]>(sql);
  } catch (error) {
    if ([INVALID_SCHEMA_NAME, UNDEFINED_TABLE, INSUFFICIENT_PRIVILEGE].includes(errorCode(error) ?? '')) return [];
    throw error;
  }
}

import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { ConflictError } from '../../common/errors/domain.error.js';
import type { DatabaseConfig } from '../../config/config.js';

/**
 * The connection of one import: its temporary tables live on it, and a lock that says that the import is alive. Should
 * the process die, the lock ends with the connection, and whoever looks next sees that the import is no more.
 */
export class ImportSession implements AsyncDisposable {
  private constructor(
    private readonly runner: QueryRunner,
    readonly client: PoolClient,
    readonly tenantId: string,
  ) {}

  /** @throws ConflictError while another import of the tenant is running, in whichever process */
  static async open(
    dataSource: DataSource,
    tenantId: string,
    config: Pick<DatabaseConfig, 'bulkStatementTimeoutMs'>,
  ): Promise<ImportSession> {
    const runner = dataSource.createQueryRunner();
    const session = new ImportSession(runner, (await runner.connect()) as PoolClient, tenantId);
    try {
      const { rows } = await session.query<{ locked: boolean }>(`SELECT pg_try_advisory_lock(${LOCK_KEY}) AS locked`, [
        tenantId,
      ]);
      if (!rows[0].locked) throw new ConflictError('Another import of this tenant is running');
      // Sorts and hashes of millions of rows; for this session only.
      await session.query(
        `SELECT set_config('statement_timeout', $1, false), set_config('work_mem', '256MB', false),
           set_config('jit', 'off', false)`,
        [`${config.bulkStatementTimeoutMs}ms`],
      );
      return session;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The same connection for what is written against TypeORM; within `transaction` it is part of it. */
  get manager(): EntityManager {
    return this.runner.manager;
  }

  query<Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<QueryResult<Row>> {
    return this.client.query<Row>(sql, [...values]);
  }

  /** One transaction that sees the tenant's rows. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.client.query('BEGIN');
    try {
      await this.query(`SELECT set_config('app.current_tenant', $1, true)`, [this.tenantId]);
      const result = await work();
      await this.client.query('COMMIT');
      return result;
    } catch (error) {
      // Fails when the connection is lost, which has ended the transaction as well; the first error is the one to tell.
      await this.client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Gives the connection back as it was: no temporary tables, no lock, no settings. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.query('DISCARD ALL').catch(() => undefined);
    await this.runner.release();
  }
}

/** Keeps the locks apart from those that others take in the same database. */
const LOCK_CLASS = 0x696d70;
/** Of the tenant in $1, a uuid. Two tenants with the same hash only wait for each other. */
const TENANT_HASH = 'hashtext($1::uuid::text)';
const LOCK_KEY = `${LOCK_CLASS}, ${TENANT_HASH}`;

/** Whether somebody holds the lock of the tenant in $1. */
export const IMPORT_IS_ALIVE = `EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint = ${LOCK_CLASS} AND objid::bigint = ${TENANT_HASH}::bigint & 4294967295 AND objsubid = 2)`;

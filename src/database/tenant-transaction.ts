import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import type { OpeningConnection } from './opening-connection.js';
import type { Statement } from './opening-query.js';
import { StatementCancellation } from './statement-cancellation.js';

export interface TransactionOptions {
  /** Longest statement; by default the connection's own limit for requests. For jobs and imports. */
  readonly statementTimeoutMs?: number;
  /** Aborting it cancels the statement at hand, so that nobody has to wait for its end. */
  readonly signal?: AbortSignal;
  /** What the session is called in `pg_stat_activity` for as long as the transaction lasts: at most 63 bytes of ASCII. */
  readonly sessionName?: string;
}

interface CurrentTransaction {
  readonly tenantId: string;
  readonly manager: EntityManager;
  readonly isSnapshot: boolean;
  /** Work that was started and not awaited may outlive its transaction; it must not write into nowhere. */
  isOpen: boolean;
  readonly afterCommit: (() => void)[];
}

/**
 * The only way to the tenants' tables. Row-level security shows a transaction the rows of the tenant that it was opened
 * for, and none outside of one.
 *
 * A call inside another joins its transaction, so services may call each other without passing a manager around. It is
 * found through Node's AsyncLocalStorage (nestjs-cls wraps the same; one value needs no wrapper).
 */
@Injectable()
export class TenantTransaction {
  private readonly current = new AsyncLocalStorage<CurrentTransaction>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs the work in the tenant's transaction: committed when it resolves, rolled back when it rejects.
   *
   * @throws what the work throws, and the database's errors
   */
  run<T>(tenantId: string, work: (manager: EntityManager) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const outer = this.joinable(tenantId);
    return outer === null ? this.open(tenantId, work, options, false) : work(outer.manager);
  }

  /** Like `run`, but never joins: for progress that must be seen while the transaction around it is still open. */
  runApart<T>(
    tenantId: string,
    work: (manager: EntityManager) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.current.exit(() => this.open(tenantId, work, options, false));
  }

  /** Reads one consistent state over any number of statements (REPEATABLE READ, READ ONLY). */
  readSnapshot<T>(
    tenantId: string,
    work: (manager: EntityManager) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const outer = this.joinable(tenantId);
    if (outer === null) return this.open(tenantId, work, options, true);
    if (!outer.isSnapshot) throw new Error('A snapshot cannot begin inside a transaction that has already read');
    return work(outer.manager);
  }

  /** Once the transaction that the caller is part of has committed, and never if it does not. The work must not throw. */
  afterCommit(work: () => void): void {
    const current = this.current.getStore();
    if (!current?.isOpen) throw new Error('There is no transaction whose end could be waited for');
    current.afterCommit.push(work);
  }

  private joinable(tenantId: string): CurrentTransaction | null {
    const outer = this.current.getStore();
    if (!outer?.isOpen) return null;
    if (outer.tenantId !== tenantId) throw new Error('A transaction of one tenant cannot be joined by another');
    return outer;
  }

  private async open<T>(
    tenantId: string,
    work: (manager: EntityManager) => Promise<T>,
    options: TransactionOptions,
    isSnapshot: boolean,
  ): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const { manager } = runner;
    const transaction: CurrentTransaction = { tenantId, manager, isSnapshot, isOpen: true, afterCommit: [] };
    const result = await this.carryOut(runner, transaction, work, options);
    for (const follow of transaction.afterCommit) this.current.exit(follow);
    return result;
  }

  private async carryOut<T>(
    runner: QueryRunner,
    transaction: CurrentTransaction,
    work: (manager: EntityManager) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    const cancellation = new StatementCancellation(this.dataSource, runner, options.signal);
    let connection: OpeningConnection | undefined;
    try {
      connection = await openingConnection(runner);
      connection.openWith(openingOf(transaction, options));
      markOpen(runner);
      const result = await this.current.run(transaction, () => work(runner.manager));
      transaction.isOpen = false;
      await connection.commit();
      return result;
    } catch (error) {
      transaction.isOpen = false;
      await cancellation[Symbol.asyncDispose]();
      if (runner.isReleased) throw new ConnectionLostError(error);
      await connection?.rollBack();
      throw error;
    } finally {
      await cancellation[Symbol.asyncDispose]();
      connection?.close();
      await runner.release();
    }
  }
}

function openingOf(
  { tenantId, isSnapshot }: CurrentTransaction,
  { statementTimeoutMs, sessionName }: TransactionOptions,
): [Statement<string>, Statement<string>] {
  const begin = isSnapshot ? 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY' : 'BEGIN';
  const settings = [['app.current_tenant', tenantId]];
  if (statementTimeoutMs !== undefined) settings.push(['statement_timeout', `${statementTimeoutMs}ms`]);
  if (sessionName !== undefined) settings.push(['application_name', sessionName]);
  const calls = settings.map(([name], index) => `set_config('${name}', $${index + 1}, true)`);
  const scope = { text: `SELECT ${calls.join(', ')}`, values: settings.map(([, value]) => value) };
  return [{ text: begin, values: [] }, scope];
}

/**
 * Tells TypeORM that there is a transaction, which its own START TRANSACTION would have done: `save` and `transaction`
 * would begin one of theirs otherwise, instead of a savepoint.
 */
function markOpen(runner: QueryRunner): void {
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
}

/**
 * The server or the network ended the connection of an open transaction: nothing of it was done. TypeORM gives up the
 * connection by itself then, and the next statement fails for a reason of TypeORM's that says nothing about the cause.
 */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  /** SQLSTATE connection_failure, by which it is known as a fault that passes. */
  readonly code = '08006';

  constructor(cause: unknown) {
    super('The connection to the database was lost', { cause });
  }
}

/** The connection that a transaction holds, for COPY, which TypeORM does not know. */
export async function connectionOf(manager: EntityManager): Promise<PoolClient> {
  if (manager.queryRunner === undefined) throw new Error('The manager holds no connection: it is of no transaction');
  const connection = await openingConnection(manager.queryRunner);
  await connection.opened();
  return connection;
}

async function openingConnection(runner: QueryRunner): Promise<OpeningConnection & PoolClient> {
  return (await runner.connect()) as OpeningConnection & PoolClient;
}

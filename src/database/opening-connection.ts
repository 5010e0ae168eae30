import type pg from 'pg';
import { HeardClient } from './heard-client.js';
import { OpeningQuery, type Statement } from './opening-query.js';

/**
 * A connection on which a transaction is opened together with its first statement, in one round trip. With BEGIN and the
 * tenant in one each, the requests of the mixed load (bench/load) cost the API 12 % more and the database 6 %: not for the
 * statements, but for the system calls and for waking the other process.
 *
 * pg's `pipeline` option does the same and more, but refuses COPY, and ends each statement with a Sync of its own: after a
 * failed BEGIN the next statement would be carried out outside of the transaction, where it sees no rows.
 */
export class OpeningConnection extends HeardClient {
  private opening: Opening | null = null;

  /** What comes before the next statement. Ended by `close`, always. */
  openWith(statements: readonly [Statement<string>, Statement<string>]): void {
    this.opening = new Opening(statements);
  }

  /** Sends the opening by itself if it has not gone out yet, for what cannot carry it (COPY). @throws what it failed with */
  async opened(): Promise<void> {
    const { opening } = this;
    if (opening === null) return;
    if (opening.ended === null) void this.carry(opening, null);
    await opening.ended;
  }

  /**
   * PostgreSQL answers the COMMIT of a transaction in which a statement has failed with a rollback, and no error; TypeORM
   * does not look at the answer.
   *
   * @throws what opening failed with, and an error when nothing was done because that of a statement was ignored
   */
  async commit(): Promise<void> {
    const { opening } = this;
    if (opening === null || opening.ended === null) return;
    await opening.ended;
    const { command } = await super.query('COMMIT');
    if (command !== 'COMMIT') {
      throw new Error('A statement of the transaction failed and its error was ignored: nothing of it was done');
    }
  }

  /** Undoes what was done since the opening, also one that has failed halfway. Never rejects: a lost connection has undone it, too. */
  async rollBack(): Promise<void> {
    const { opening } = this;
    this.opening = null;
    if (opening !== null && opening.ended !== null) await super.query('ROLLBACK').catch(() => undefined);
  }

  /** Nothing more is of this transaction. */
  close(): void {
    this.opening = null;
  }

  override query(...parameters: unknown[]): never {
    return this.send(parameters) as never;
  }

  private send(parameters: unknown[]): unknown {
    const { opening } = this;
    const pass = (): unknown => super.query(...(parameters as [string]));
    if (opening === null || opening.hasSucceeded) return pass();
    const [text, values, ...rest] = parameters;
    if (typeof text !== 'string' || typeof values === 'function' || rest.length > 0) {
      throw new Error('The transaction has not been opened yet: await opened() before COPY and the like');
    }
    // Only what has parameters is certain to be a single statement, as the extended protocol wants it.
    if (opening.ended === null && Array.isArray(values) && values.length > 0)
      return this.carry(opening, { text, values });
    return this.opened().then(() => {
      if (this.opening !== opening) throw new Error('The transaction has ended');
      return pass();
    });
  }

  private carry(opening: Opening, statement: Statement | null): Promise<pg.QueryResult> {
    const query = opening.queryWith(statement);
    const result = new Promise<pg.QueryResult>((resolve, reject) => {
      query.callback = (error, of) => (error === null ? resolve(of) : reject(error));
    });
    super.query(query);
    opening.end(query, result);
    return result;
  }
}

class Opening {
  /** Null while it has not been sent. Resolves when there is a transaction, even one in which a statement has failed. */
  ended: Promise<void> | null = null;
  hasSucceeded = false;

  constructor(private readonly statements: readonly [Statement<string>, Statement<string>]) {}

  queryWith(statement: Statement | null): OpeningQuery {
    const [begin, scope] = this.statements;
    return statement === null ? new OpeningQuery([begin], scope) : new OpeningQuery([begin, scope], statement);
  }

  end(query: OpeningQuery, result: Promise<unknown>): void {
    this.ended = result.then(
      () => void (this.hasSucceeded = true),
      (error: unknown) => {
        if (!query.hasBegun) throw error;
        this.hasSucceeded = true;
      },
    );
    // Told to whoever sent the statement.
    this.ended.catch(() => undefined);
  }
}

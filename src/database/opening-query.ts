import pg from 'pg';

export interface Statement<Value = unknown> {
  readonly text: string;
  readonly values: readonly Value[];
}

/** What is used of pg's own class beyond its types, much as pg-cursor, of the same project, does. */
interface PgQuery extends pg.Submittable {
  callback: (error: Error | null, result: pg.QueryResult) => void;
  prepare(connection: pg.Connection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
}
const PgQuery = pg.Query as unknown as new (config: pg.QueryConfig & { queryMode: 'extended' }) => PgQuery;

/**
 * A statement with those that have to come before it, sent together and ended by one Sync: the server skips what follows a
 * failure up to the Sync, so that no statement is ever carried out without those before it. The result is the last one's.
 */
export class OpeningQuery extends PgQuery {
  private completed = 0;

  constructor(
    private readonly before: readonly Statement<string>[],
    { text, values }: Statement,
  ) {
    super({ text, values: [...values], queryMode: 'extended' });
  }

  /** Whether the first of all has been carried out. */
  get hasBegun(): boolean {
    return this.completed > 0;
  }

  override prepare(connection: pg.Connection): void {
    for (const { text, values } of this.before) {
      connection.parse({ name: '', text, types: [] }, true);
      connection.bind({ values: [...values] }, true);
      connection.execute({}, true);
    }
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.completed >= this.before.length) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: pg.Connection): void {
    this.completed += 1;
    if (this.completed > this.before.length) super.handleCommandComplete(message, connection);
  }
}

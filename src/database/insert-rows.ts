import type { EntityManager } from 'typeorm';
import { ArrayParameter, INSERT_COLUMNS, type InsertColumn } from './insert-columns.js';
import { connectionOf } from './tenant-transaction.js';

/** Of one statement's parameters: large enough to be quick, small enough to keep memory flat and to stop between two. */
const STATEMENT_BYTES = 1 << 20;

type Columns = Readonly<Record<string, InsertColumn<unknown>>>;
type RowOf<C extends Columns> = { readonly [Name in keyof C]: C[Name] extends InsertColumn<infer T> ? T : never };

/**
 * Inserts many rows, also such with long lists in them: a binary array per column and statement, which PostgreSQL takes
 * apart. COPY is refused under row-level security, and by way of a temporary table it would store every list twice.
 *
 * A statement is put together while the server works on the one before; `items` that throw end it all once that is done.
 *
 * @param columns by name. Both come from code, never from a caller.
 * @param rowOf asked for one item after the other
 * @throws TypeError or RangeError for a value that its column cannot hold, and whatever the server or `items` throw
 */
export async function insertRows<const C extends Columns, Item>(
  manager: EntityManager,
  table: string,
  columns: C,
  items: Iterable<Item>,
  rowOf: (item: Item) => RowOf<C>,
): Promise<void> {
  const client = await connectionOf(manager);
  const parameters = Object.entries(columns).map(([name, column]) => new ColumnParameters(name, column));
  const statement = statementFor(table, parameters);
  let bytes = 0;
  let running: Promise<unknown> = Promise.resolve();
  const flush = async (): Promise<void> => {
    const values = parameters.flatMap((column) => column.take());
    bytes = 0;
    await running;
    running = client.query(statement, values);
    // Its failure is told where it is awaited, which may be too late to count as handled.
    running.catch(() => undefined);
  };
  try {
    for (const item of items) {
      const row = rowOf(item);
      for (const column of parameters) bytes += column.add(row[column.name]);
      if (bytes >= STATEMENT_BYTES) await flush();
    }
    if (bytes > 0) await flush();
  } finally {
    await running;
  }
}

/**
 * `INSERT INTO t (a, list) SELECT row.a, ($2::uuid[])[row.list_start:row.list_end] FROM unnest($1::text[], $3::integer[],
 * …) AS row (a, list_start, …)`. A slice of many UUIDs is found at once wherever it is: they all have the same length.
 */
function statementFor(table: string, columns: readonly ColumnParameters[]): string {
  let number = 0;
  const parameter = (type: string): string => `$${++number}::${type}[]`;
  const values: string[] = [];
  const fields: string[] = [];
  const arrays: string[] = [];
  for (const { name, column } of columns) {
    const elements = parameter(column.type);
    if (column.isList) {
      values.push(`(${elements})[row.${name}_start:row.${name}_end]`);
      fields.push(`${name}_start`, `${name}_end`);
      arrays.push(parameter('integer'), parameter('integer'));
    } else {
      values.push(`row.${name}`);
      fields.push(name);
      arrays.push(elements);
    }
  }
  return `INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')}) SELECT ${values.join(', ')}
    FROM unnest(${arrays.join(', ')}) AS row (${fields.join(', ')})`;
}

/** What the rows of one statement have in a column. */
class ColumnParameters {
  private readonly elements: ArrayParameter;
  /** First and last element of each row's list. */
  private readonly bounds: readonly [ArrayParameter, ArrayParameter] | null;

  constructor(
    readonly name: string,
    readonly column: InsertColumn<unknown>,
  ) {
    this.elements = new ArrayParameter(column.oid);
    const { oid } = INSERT_COLUMNS.integer;
    this.bounds = column.isList ? [new ArrayParameter(oid), new ArrayParameter(oid)] : null;
  }

  /** Returns the bytes added. */
  add(value: unknown): number {
    const first = this.elements.count + 1;
    let bytes = this.elements.add(this.column, value);
    if (this.bounds !== null) {
      bytes += this.bounds[0].add(INSERT_COLUMNS.integer, first);
      bytes += this.bounds[1].add(INSERT_COLUMNS.integer, this.elements.count);
    }
    return bytes;
  }

  /** In the order of the statement's parameters. */
  take(): Buffer[] {
    return [this.elements, ...(this.bounds ?? [])].map((array) => array.take());
  }
}

import type { EntityManager } from 'typeorm';

/** JSON of one statement, in characters: large enough to be quick, small enough to keep memory flat. */
const STATEMENT_CHARACTERS = 4 << 20;

/**
 * Inserts many rows, also such with arrays and JSON in them. They travel as one JSON parameter per few megabytes, which
 * PostgreSQL turns into typed columns; COPY is refused under row-level security.
 *
 * @param columns name → SQL type of each column; the keys of every row. Both come from code, never from a caller.
 */
export async function insertRows<Column extends string>(
  manager: EntityManager,
  table: string,
  columns: Readonly<Record<Column, string>>,
  rows: Iterable<Readonly<Record<Column, unknown>>>,
): Promise<void> {
  const names = Object.keys(columns).join(', ');
  const types = Object.entries<string>(columns).map(([name, type]) => `${name} ${type}`);
  const statement = `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_to_recordset($1::json) AS row (${types.join(', ')})`;
  let batch: string[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await manager.query(statement, [`[${batch.join(',')}]`]);
    batch = [];
    characters = 0;
  };
  for (const row of rows) {
    const json = JSON.stringify(row);
    batch.push(json);
    characters += json.length;
    if (characters >= STATEMENT_CHARACTERS) await flush();
  }
  await flush();
}

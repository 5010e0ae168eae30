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
  const entries = Object.entries<string>(columns);
  const fields = entries.map(([name, type]) => `${name} ${type === 'uuid[]' ? 'text' : type}`).join(', ');
  const values = entries.map(([name, type]) => (type === 'uuid[]' ? `${name}::uuid[]` : name)).join(', ');
  const statement = `INSERT INTO ${table} (${names}) SELECT ${values} FROM json_to_recordset($1::json) AS row (${fields})`;
  const lists = entries.filter(([, type]) => type === 'uuid[]').map(([name]) => name);
  let batch: string[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await manager.query(statement, [`[${batch.join(',')}]`]);
    batch = [];
    characters = 0;
  };
  for (const row of rows) {
    const json = JSON.stringify(withArrayLiterals(row, lists));
    batch.push(json);
    characters += json.length;
    if (characters >= STATEMENT_CHARACTERS) await flush();
  }
  await flush();
}

/**
 * The row with its lists of UUIDs as one text each, which PostgreSQL casts: half the time of JSON arrays, whose elements
 * become texts one by one (2.6 million members of 6,600 candidates: 3.2 s instead of 7.0 s on a busy machine).
 */
function withArrayLiterals(row: Readonly<Record<string, unknown>>, lists: readonly string[]): Record<string, unknown> {
  const literals = lists.map((name) => [name, `{${(row[name] as readonly string[]).join(',')}}`] as const);
  return { ...row, ...Object.fromEntries(literals) };
}

import type { EntityManager } from 'typeorm';

const PAGE_ROWS = 1000;

/**
 * The rows of a query, a page at a time, by a cursor of the server's: memory stays flat however many there are, and the
 * rows are those of the moment in which it was opened. One at a time in a transaction. Longest statement: a page.
 */
export async function* readPages<Row>(
  manager: EntityManager,
  sql: string,
  values: readonly unknown[],
): AsyncGenerator<Row[]> {
  await manager.query(`DECLARE page_reader NO SCROLL CURSOR FOR ${sql}`, [...values]);
  for (;;) {
    const rows = await manager.query<Row[]>(`FETCH ${PAGE_ROWS} FROM page_reader`);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE_ROWS) break;
  }
  await manager.query('CLOSE page_reader');
}

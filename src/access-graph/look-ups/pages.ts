import type { EntityManager } from 'typeorm';
import type { LookUp, LookUpFilter } from './look-up-filter.js';

/**
 * A page of a table, and how many rows there are in all: counted only when the page does not tell.
 *
 * @param order its columns, the id last
 * @param select what to say about a row of the page, which is called `row`: asked for the page only
 */
export async function pageOfTable<Row>(
  manager: EntityManager,
  table: string,
  filter: LookUpFilter,
  { limit, offset }: Pick<LookUp, 'limit' | 'offset'>,
  order: string,
  select: string,
): Promise<{ items: Row[]; total: number }> {
  const filtering = [...filter.values];
  const range = `LIMIT ${filter.parameter(limit)} OFFSET ${filter.parameter(offset)}`;
  const items = await manager.query<Row[]>(
    `SELECT ${select} FROM (SELECT * FROM ${table} WHERE ${filter.where} ORDER BY ${order} ${range}) AS row
     ORDER BY ${order}`,
    filter.values,
  );
  if (offset === 0 && items.length < limit) return { items, total: items.length };
  const [{ total }] = await manager.query<[{ total: number }]>(
    `SELECT count(*)::integer AS total FROM ${table} WHERE ${filter.where}`,
    filtering,
  );
  return { items, total };
}

import type { EntityManager } from 'typeorm';

/** The part of a list that is wanted; no limit is the rest of it. */
export interface ListRange {
  readonly offset: number;
  readonly limit: number | null;
}

/** All items of a list, to be read in somebody's transaction. */
export interface ListSource<Item> {
  /** @throws NotFoundError when there is nothing of which this could be the list */
  count(manager: EntityManager): Promise<number>;
  /** In the order of the list, a page at a time. */
  pages(manager: EntityManager, range: ListRange): AsyncIterable<readonly Item[]>;
}

/** The same list with other items. */
export function mapSource<From, To>(
  source: ListSource<From>,
  map: (items: readonly From[], manager: EntityManager) => readonly To[] | Promise<readonly To[]>,
): ListSource<To> {
  return {
    count: (manager) => source.count(manager),
    async *pages(manager, range) {
      for await (const items of source.pages(manager, range)) yield await map(items, manager);
    },
  };
}

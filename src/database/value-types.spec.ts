import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { parseUuids, VALUE_TYPES } from './value-types.js';

const UUID_ARRAY = 2951;
const parserOf = pg.types.getTypeParser as (typeof VALUE_TYPES)['getTypeParser'];
const parseByPg = parserOf(UUID_ARRAY, 'text');

describe('lists of UUIDs', () => {
  it('are what pg makes of them', () => {
    const lists = fc.array(fc.option(fc.uuid(), { freq: 20 }));
    fc.assert(
      fc.property(lists, (list) => {
        const text = `{${list.map((id) => id ?? 'NULL').join(',')}}`;
        expect(parseUuids(text)).toEqual(list);
        expect(parseByPg(text)).toEqual(list);
      }),
    );
  });

  it('may have dimensions and bounds', () => {
    const [a, b] = ['3f0e8a52-5f9f-4f6e-9d0c-0f5b0f3c7a11', '6b1f2c9e-8a4d-4c7b-b1de-2f3a4b5c6d7e'];
    expect(parseUuids(`{{${a}},{${b}}}`)).toEqual([[a], [b]]);
    expect(parseUuids(`[0:1]={${a},${b}}`)).toEqual([a, b]);
  });

  it('have a way of their own, and no other type has', () => {
    expect(VALUE_TYPES.getTypeParser(UUID_ARRAY, 'text')).toBe(parseUuids);
    expect(VALUE_TYPES.getTypeParser(UUID_ARRAY)).toBe(parseUuids);
    for (const oid of [16, 20, 25, 1184, 2950, 3802]) {
      expect(VALUE_TYPES.getTypeParser(oid, 'text')).toBe(parserOf(oid, 'text'));
    }
    expect(VALUE_TYPES.getTypeParser(UUID_ARRAY, 'binary')).toBe(parserOf(UUID_ARRAY, 'binary'));
  });
});

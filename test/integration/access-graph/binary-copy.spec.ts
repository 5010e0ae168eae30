import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  bool,
  float8,
  int4,
  int4Array,
  jsonb,
  nullable,
  text,
  timestamptz,
  uuid,
  uuidArray,
} from '../../../src/database/binary-columns.js';
import { copyInto, readBinaryCopy, readIntegerLists } from '../../../src/database/binary-copy.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase('empty');
  client = new pg.Client(database.superuserUrl);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.dispose();
});
beforeEach(async () => {
  await client.query(`DROP TABLE IF EXISTS every_type`);
  await client.query(`CREATE TEMP TABLE every_type (
    a integer, b integer[], c uuid, d uuid[], e text, f float8, g jsonb, h boolean, i timestamptz)`);
});

const COLUMNS = [int4, int4Array, uuid, uuidArray, nullable(text), float8, jsonb, bool, timestamptz] as const;
const INTO = 'COPY every_type FROM STDIN (FORMAT binary)';
const ID = '00112233-4455-6677-8899-aabbccddeeff';
const ROWS = [
  [1, [1, -2], ID, [ID, ID], 'é\t😀', 1.5, { a: [null] }, true, new Date('2026-05-31T08:15:00.123Z')],
  [2, [], ID, [], null, -0.1, 'text', false, new Date('1970-01-01T00:00:00Z')],
] as const;
const countRows = async (): Promise<unknown> =>
  (await client.query<{ count: number }>('SELECT count(*)::integer AS count FROM every_type')).rows[0].count;

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

describe('binary COPY', () => {
  it('writes what the server understands and reads it back', async () => {
    expect(await copyInto(client, INTO, COLUMNS, ROWS)).toBe(2);
    const { rows } = await client.query<Record<string, unknown>>('SELECT * FROM every_type ORDER BY a');
    expect(rows.map((row) => Object.values(row))).toEqual(ROWS);
    const read = await all(readBinaryCopy(client, 'COPY every_type TO STDOUT (FORMAT binary)', COLUMNS));
    expect(read.map((row) => row.map((value) => (value instanceof Int32Array ? [...value] : value)))).toEqual(ROWS);
  });

  it('takes batches as they come, and more rows than fit into a piece', async () => {
    async function* batches(): AsyncGenerator<(readonly [number, string])[]> {
      for (let batch = 0; batch < 20; batch++) {
        await Promise.resolve();
        yield Array.from({ length: 1000 }, (_, index) => [batch * 1000 + index, 'x'.repeat(index)] as const);
      }
    }
    const sql = 'COPY every_type (a, e) FROM STDIN (FORMAT binary)';
    expect(await copyInto(client, sql, [int4, text], batches())).toBe(20_000);
    let next = 0;
    const rows = readBinaryCopy(client, 'COPY (SELECT a, e FROM every_type ORDER BY a) TO STDOUT (FORMAT binary)', [
      int4,
      text,
    ]);
    for await (const [a, e] of rows) {
      expect([a, e.length]).toEqual([next, next % 1000]);
      next++;
    }
    expect(next).toBe(20_000);
  });

  it('keeps no row when rows break off or a value does not fit, and the connection stays good', async () => {
    function* broken(): Generator<(typeof ROWS)[0]> {
      yield ROWS[0];
      throw new Error('the source broke off');
    }
    await expect(copyInto(client, INTO, COLUMNS, broken())).rejects.toThrow('the source broke off');
    await expect(
      copyInto(client, 'COPY every_type (c) FROM STDIN (FORMAT binary)', [uuid], [[ID], ['no']]),
    ).rejects.toThrow('expected a UUID, got "no"');
    await expect(
      copyInto(client, 'COPY every_type (a) FROM STDIN (FORMAT binary)', [text], [['four!']]),
    ).rejects.toThrow('incorrect binary data format');
    await expect(copyInto(client, 'COPY nowhere FROM STDIN (FORMAT binary)', [int4], [[1]])).rejects.toThrow(
      'does not exist',
    );
    expect(await countRows()).toBe(0);
  });

  it('tells errors of the query, before the first row and in the middle', async () => {
    const read = (sql: string): Promise<unknown> =>
      all(readBinaryCopy(client, `COPY (${sql}) TO STDOUT (FORMAT binary)`, [int4]));
    await expect(read('SELECT nothing')).rejects.toThrow('does not exist');
    await expect(read('SELECT 1 / (90000 - n) FROM generate_series(1, 100000) AS n')).rejects.toThrow(
      'division by zero',
    );
    await expect(read('SELECT NULL::integer')).rejects.toThrow('declare it as nullable');
    await expect(read('SELECT 1, 2')).rejects.toThrow('expected rows of 1 columns, got 2');
    expect(await read('SELECT 7')).toEqual([[7]]);
  });

  it('may be stopped early', async () => {
    const rows = readBinaryCopy(client, 'COPY (SELECT generate_series(1, 500000)) TO STDOUT (FORMAT binary)', [int4]);
    for await (const [value] of rows) {
      if (value === 3) break;
    }
    expect(await countRows()).toBe(0);
  });

  it('reads lists of integers, longer than any chunk and empty ones', async () => {
    const lists = new Map<number, number>();
    const sql = `COPY (SELECT n, ARRAY(SELECT generate_series(1, n)) FROM unnest(ARRAY[0, 1, 1000, 300000, 2]) AS n)
      TO STDOUT (FORMAT binary)`;
    await readIntegerLists(client, sql, (key, values) => {
      expect(values[0]).toBe(key === 0 ? undefined : 1);
      lists.set(key, values.length === 0 ? 0 : values[values.length - 1]);
    });
    expect([...lists]).toEqual([0, 1, 1000, 300_000, 2].map((n) => [n, n]));
  });
});

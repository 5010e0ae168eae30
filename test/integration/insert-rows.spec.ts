import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type EntityManager } from 'typeorm';
import { packUuids } from '../../src/database/binary-columns.js';
import { applicationLimits, dataSourceOptions } from '../../src/database/connection.js';
import { INSERT_COLUMNS, type UuidSelection } from '../../src/database/insert-columns.js';
import { insertRows } from '../../src/database/insert-rows.js';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const { double, integer, jsonb, text, textOrNull, uuid, uuidList, uuidOrNull, uuidSelection } = INSERT_COLUMNS;
const COLUMNS = {
  a: uuid,
  b: uuidOrNull,
  c: text,
  d: textOrNull,
  e: integer,
  f: double,
  g: jsonb,
  h: uuidList,
  i: uuidSelection,
};
const DEFINITION = 'a uuid, b uuid, c text, d text, e integer, f double precision, g jsonb, h uuid[], i uuid[]';

describe('insertRows', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let transaction: TenantTransaction;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { config, url } = database.open;
    dataSource = new DataSource(dataSourceOptions(config, url, applicationLimits(config)));
    await dataSource.initialize();
    transaction = new TenantTransaction(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  const withTable = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
    transaction.run(randomUUID(), async (manager) => {
      await manager.query(`CREATE TEMP TABLE inserted (${DEFINITION}) ON COMMIT DROP`);
      return work(manager);
    });
  const ids = Array.from({ length: 1000 }, () => randomUUID()).sort();
  const table = packUuids(ids);
  const select = (places: readonly number[]): UuidSelection => ({ table, places: Int32Array.from(places) });

  it('writes every type, NULLs and empty lists as they are', async () => {
    const rows = [
      { a: ids[0], b: null, c: 'é\t😀', d: 'x', e: -7, f: 0.1, g: { a: [null] }, h: [], i: select([3, 1, 1]) },
      {
        a: ids[1],
        b: ids[2],
        c: '',
        d: null,
        e: 2 ** 31 - 1,
        f: -1e300,
        g: 'text',
        h: [ids[5], ids[4]],
        i: select([]),
      },
    ];

    const found = await withTable(async (manager) => {
      await insertRows(manager, 'inserted', COLUMNS, rows, (row) => row);
      return manager.query<object[]>('SELECT * FROM inserted');
    });

    expect(found).toEqual([
      { ...rows[0], i: [ids[3], ids[1], ids[1]] },
      { ...rows[1], i: [] },
    ]);
  });

  it('writes each list with its row, over many statements', async () => {
    const count = 2_000;
    const sizeOf = (row: number): number => (row * 7) % ids.length;
    const columns = { e: integer, i: uuidSelection };
    const rowOf = (row: number): { e: number; i: UuidSelection } => ({
      e: row,
      i: select(Array.from({ length: sizeOf(row) }, (_, at) => (row + at) % ids.length)),
    });

    const [found] = await withTable(async (manager) => {
      await insertRows(manager, 'inserted', columns, Array(count).keys(), rowOf);
      return manager.query<{ rows: number; right: number }[]>(
        `SELECT count(*)::integer AS rows, count(*) FILTER (WHERE i = ARRAY(
           SELECT ($1::uuid[])[(e + at) % $2 + 1] FROM generate_series(0, (e * 7) % $2 - 1) AS at
         ))::integer AS right FROM inserted`,
        [ids, ids.length],
      );
    });

    expect(found).toEqual({ rows: count, right: count });
  });

  it('inserts nothing for no rows', async () => {
    const found = await withTable(async (manager) => {
      await insertRows(manager, 'inserted', COLUMNS, [], (row) => row);
      return manager.query<object[]>('SELECT * FROM inserted');
    });
    expect(found).toEqual([]);
  });

  it('ends with the first failure: of a value, of the items, of the server', async () => {
    const insert = (c: Iterable<string>): Promise<void> =>
      withTable((manager) =>
        insertRows(manager, 'inserted', { a: uuid, c: text }, c, (value) => ({ a: value, c: value })),
      );
    const stopped = function* (): Iterable<string> {
      for (let row = 0; row < 100_000; row++) yield ids[0];
      throw new Error('cancelled meanwhile');
    };

    await expect(insert([ids[0], 'no'])).rejects.toThrow('expected a UUID, got "no"');
    await expect(insert(stopped())).rejects.toThrow('cancelled meanwhile');
    await expect(
      withTable(async (manager) => {
        await manager.query('ALTER TABLE inserted ADD CHECK (e < 100)');
        await insertRows(manager, 'inserted', { e: integer }, Array(1_000_000).keys(), (e) => ({ e }));
      }),
    ).rejects.toThrow('violates check constraint');
  });
});

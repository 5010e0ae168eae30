import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type EntityManager } from 'typeorm';
import { applicationLimits, dataSourceOptions } from '../../src/database/connection.js';
import { connectionOf, TenantTransaction } from '../../src/database/tenant-transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('TenantTransaction', () => {
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

  const addUser = (manager: EntityManager, tenantId: string, externalId: string) =>
    manager.query(
      `INSERT INTO access_user (tenant_id, id, number, external_id)
       VALUES ($1, gen_random_uuid(), (SELECT count(*) FROM access_user WHERE tenant_id = $1), $2)`,
      [tenantId, externalId],
    );
  const userCount = async (manager: EntityManager) => {
    const [row] = await manager.query<[{ count: number }]>('SELECT count(*)::int AS count FROM access_user');
    return row.count;
  };

  it('shows each tenant its own rows, and none outside of a transaction', async () => {
    const [ours, theirs] = [randomUUID(), randomUUID()];
    await transaction.run(ours, (manager) => addUser(manager, ours, 'ada'));
    expect(await transaction.run(ours, userCount)).toBe(1);
    expect(await transaction.run(theirs, userCount)).toBe(0);
    expect(await userCount(dataSource.manager)).toBe(0);
  });

  it('ends its statement when the signal is aborted, and leaves the connection to others', async () => {
    const stop = new AbortController();
    const tenant = randomUUID();
    const waiting = transaction.run(tenant, (manager) => manager.query('SELECT pg_sleep(60)'), { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: '57014' });
    expect(await transaction.run(tenant, userCount)).toBe(0);
  });

  it('gives its session a name for as long as it lasts', async () => {
    const named = async (): Promise<unknown> =>
      dataSource.query(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'a name' AND datname = current_database()`,
      );
    const work = async (manager: EntityManager): Promise<void> => {
      // A transaction opens with its first statement.
      await manager.query('SELECT 1');
      expect(await named()).toHaveLength(1);
    };
    await transaction.run(randomUUID(), work, { sessionName: 'a name' });
    expect(await named()).toEqual([]);
  });

  it('refuses rows of another tenant', async () => {
    const [ours, theirs] = [randomUUID(), randomUUID()];
    await expect(transaction.run(ours, (manager) => addUser(manager, theirs, 'ada'))).rejects.toThrow(
      /violates row-level security policy/,
    );
  });

  it('undoes everything when the work rejects, and gives the connection back', async () => {
    const tenantId = randomUUID();
    for (let i = 0; i <= database.open.config.poolSize; i += 1) {
      const work = transaction.run(tenantId, async (manager) => {
        await addUser(manager, tenantId, 'ada');
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
    }
    expect(await transaction.run(tenantId, userCount)).toBe(0);
  });

  it('does not pass off as done what the database has undone', async () => {
    const tenantId = randomUUID();
    const work = transaction.run(tenantId, async (manager) => {
      await addUser(manager, tenantId, 'ada');
      await addUser(manager, tenantId, 'ada').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('its error was ignored: nothing of it was done');
    expect(await transaction.run(tenantId, userCount)).toBe(0);
  });

  it('counts as a transaction to TypeORM, whose own are savepoints of it', async () => {
    const tenantId = randomUUID();
    await transaction.run(tenantId, async (manager) => {
      const inner = manager.transaction(async (nested) => {
        await addUser(nested, tenantId, 'ada');
        throw new Error('only ada');
      });
      await expect(inner).rejects.toThrow('only ada');
      await addUser(manager, tenantId, 'bob');
    });
    expect(await transaction.run(tenantId, userCount)).toBe(1);
  });

  it('takes work that asks nothing of the database', async () => {
    expect(await transaction.run(randomUUID(), () => Promise.resolve('done'))).toBe('done');
  });

  it('does nothing when its tenant could not be set, whatever the work makes of it', async () => {
    const tenantId = randomUUID();
    const work = transaction.run(tenantId, (manager) => addUser(manager, tenantId, 'ada').catch(() => 'ignored'), {
      statementTimeoutMs: -5,
    });
    await expect(work).rejects.toThrow('nothing of it was done');
    expect(await transaction.run(tenantId, userCount)).toBe(0);
  });

  it('joins the transaction around it', async () => {
    const tenantId = randomUUID();
    const work = transaction.run(tenantId, async (outer) => {
      await transaction.run(tenantId, async (inner) => {
        expect(inner).toBe(outer);
        await addUser(inner, tenantId, 'ada');
      });
      throw new Error('both or neither');
    });
    await expect(work).rejects.toThrow('both or neither');
    expect(await transaction.run(tenantId, userCount)).toBe(0);
  });

  it('lets no other tenant join', async () => {
    const work = transaction.run(randomUUID(), () => transaction.run(randomUUID(), userCount));
    await expect(work).rejects.toThrow('A transaction of one tenant cannot be joined by another');
  });

  it('opens a new transaction for work that outlived its own', async () => {
    const tenantId = randomUUID();
    let late: Promise<number> | undefined;
    let release = (): void => undefined;
    const ended = new Promise<void>((resolve) => (release = resolve));
    await transaction.run(tenantId, (manager) => {
      late = ended.then(() => transaction.run(tenantId, userCount));
      return addUser(manager, tenantId, 'ada');
    });
    release();
    expect(await late).toBe(1);
  });

  it('writes apart from the transaction around it when asked', async () => {
    const tenantId = randomUUID();
    const work = transaction.run(tenantId, async (manager) => {
      await transaction.runApart(tenantId, (apart) => addUser(apart, tenantId, 'ada'));
      await addUser(manager, tenantId, 'bob');
      throw new Error('only bob goes');
    });
    await expect(work).rejects.toThrow('only bob goes');
    expect(await transaction.run(tenantId, userCount)).toBe(1);
  });

  it('reads one state in a snapshot, and writes nothing', async () => {
    const tenantId = randomUUID();
    await transaction.readSnapshot(tenantId, async (manager) => {
      expect(await userCount(manager)).toBe(0);
      await transaction.runApart(tenantId, (apart) => addUser(apart, tenantId, 'ada'));
      expect(await userCount(manager)).toBe(0);
      expect(await transaction.run(tenantId, userCount)).toBe(0);
    });
    expect(await transaction.run(tenantId, userCount)).toBe(1);
    const write = transaction.readSnapshot(tenantId, (manager) => addUser(manager, tenantId, 'bob'));
    await expect(write).rejects.toThrow(/read-only transaction/);
    await expect(transaction.run(tenantId, () => transaction.readSnapshot(tenantId, userCount))).rejects.toThrow(
      'A snapshot cannot begin inside a transaction',
    );
  });

  it('gives bulk work longer statements, for its transaction only', async () => {
    const tenantId = randomUUID();
    const limit = async (manager: EntityManager) => {
      const [row] = await manager.query<[{ statement_timeout: string }]>('SHOW statement_timeout');
      return row.statement_timeout;
    };
    expect(await transaction.run(tenantId, limit, { statementTimeoutMs: 1_800_000 })).toBe('30min');
    expect(await transaction.run(tenantId, limit)).toBe('30s');
  });

  it('hands out the connection of the transaction, for COPY', async () => {
    const tenantId = randomUUID();
    await transaction.run(tenantId, async (manager) => {
      await addUser(manager, tenantId, 'ada');
      const connection = await connectionOf(manager);
      const { rows } = await connection.query<{ external_id: string }>('SELECT external_id FROM access_user');
      expect(rows).toEqual([{ external_id: 'ada' }]);
    });
    await expect(connectionOf(dataSource.manager)).rejects.toThrow('The manager holds no connection');
  });

  it('survives a connection that the server ends in the middle', async () => {
    const tenantId = randomUUID();
    const work = transaction.run(tenantId, async (manager) => {
      const connection = await connectionOf(manager);
      const lost = new Promise((resolve) => connection.once('error', resolve));
      const [{ pid }] = await manager.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
      await lost;
      await addUser(manager, tenantId, 'ada');
    });
    await expect(work).rejects.toMatchObject({ name: 'ConnectionLostError', code: '08006' });
    expect(await transaction.run(tenantId, userCount)).toBe(0);
  });
});

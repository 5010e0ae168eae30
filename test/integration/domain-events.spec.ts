import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { applicationLimits, dataSourceOptions } from '../../src/database/connection.js';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
import { DomainEvents } from '../../src/domain-events/domain-events.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let dataSource: DataSource;
let transaction: TenantTransaction;
let events: DomainEvents;
const tenantId = randomUUID();
const happened = { jobId: randomUUID() };

beforeAll(async () => {
  database = await createTestDatabase();
  const { config, url } = database.open;
  dataSource = await new DataSource(dataSourceOptions(config, url, applicationLimits(config))).initialize();
  transaction = new TenantTransaction(dataSource);
});
beforeEach(() => {
  events = new DomainEvents(transaction);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.dispose();
});

describe('domain events', () => {
  it('are published once the outermost transaction has committed, outside of it', async () => {
    const heard: unknown[] = [];
    const seen = Promise.withResolvers<number>();
    events.on('job.completed', (event) => {
      heard.push(event);
      transaction
        .run(randomUUID(), (manager) => manager.query<unknown[]>('SELECT 1'))
        .then(({ length }) => seen.resolve(length), seen.reject);
    });
    events.on('job.failed', () => void heard.push('another type'));
    await transaction.run(tenantId, async () => {
      await transaction.run(tenantId, (manager) => events.record(manager, tenantId, 'job.completed', happened));
      expect(heard).toEqual([]);
    });
    expect(heard).toEqual([
      { id: expect.any(String), type: 'job.completed', tenantId, occurredAt: expect.any(Date), data: happened },
    ]);
    expect(await seen.promise).toBe(1);
  });

  it('are not published when the transaction is undone', async () => {
    const listener = jest.fn<() => void>();
    events.on('job.failed', listener);
    const undone = transaction.run(tenantId, async (manager) => {
      await events.record(manager, tenantId, 'job.failed', happened);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(listener).not.toHaveBeenCalled();
  });

  it('undo the transaction when an outbox cannot write them down', async () => {
    const listener = jest.fn<() => void>();
    events.on('job.failed', listener);
    events.addOutbox((manager) => manager.query('SELECT nonsense'));
    const undone = transaction.run(tenantId, (manager) => events.record(manager, tenantId, 'job.failed', happened));
    await expect(undone).rejects.toThrow(/nonsense/);
    expect(listener).not.toHaveBeenCalled();
  });

  it('reach every listener, whatever others do with them, until it ends listening', async () => {
    Logger.overrideLogger(false);
    const [first, last] = [jest.fn<() => void>(), jest.fn<() => void>()];
    const end = events.on('job.failed', first);
    events.on('job.failed', () => {
      throw new Error('at once');
    });
    events.on('job.failed', () => Promise.reject(new Error('later')));
    events.on('job.failed', last);
    const record = (): Promise<void> =>
      transaction.run(tenantId, (manager) => events.record(manager, tenantId, 'job.failed', happened));
    await record();
    end();
    await record();
    expect([first.mock.calls.length, last.mock.calls.length]).toEqual([1, 2]);
  });

  it('need a transaction', async () => {
    const outside = events.record(dataSource.manager, tenantId, 'job.failed', happened);
    await expect(outside).rejects.toThrow('There is no transaction');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { DatabaseHealth } from '../../src/database/database-health.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('DatabaseModule', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.dispose());

  it('closes the database after the connections to it, and after whoever still used them', async () => {
    const events: string[] = [];
    @Injectable()
    class Consumer implements OnApplicationShutdown {
      constructor(private readonly health: DatabaseHealth) {}
      async onApplicationShutdown() {
        events.push(`consumer stopped, database ${(await this.health.databaseReady()).ready ? 'ready' : 'gone'}`);
      }
    }
    @Module({ providers: [Consumer] })
    class ConsumerModule {}

    let isConnected = () => true;
    const close = () => {
      events.push(`database closed, ${isConnected() ? 'still connected' : 'nobody connected'}`);
      return Promise.resolve();
    };
    const module = await Test.createTestingModule({
      imports: [DatabaseModule.forRoot({ ...database.open, close }), ConsumerModule],
    }).compile();
    const app = await module.init();
    const dataSource = app.get(DataSource);
    isConnected = () => dataSource.isInitialized;
    await app.close();
    expect(events).toEqual(['consumer stopped, database ready', 'database closed, nobody connected']);
  });
});

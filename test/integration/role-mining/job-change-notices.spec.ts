import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { loadConfig } from '../../../src/config/load-config.js';
import { applicationLimits, dataSourceOptions } from '../../../src/database/connection.js';
import { JobChangeNotices } from '../../../src/role-mining/job-events/job-change-notices.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { eventually } from '../../support/test-service.js';

let database: TestDatabase;
let elsewhere: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createTestDatabase();
  elsewhere = await createTestDatabase('empty');
  const { config, url } = database.open;
  dataSource = await new DataSource(dataSourceOptions(config, url, applicationLimits(config))).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await elsewhere.dispose();
  await database.dispose();
});

/** @param url where the one connection listens; what changes jobs and calls is the database */
function listening(url: string): { notices: JobChangeNotices; heard: (string | null)[] } {
  const config = loadConfig({ DATABASE_URL: url, JWT_SECRET: 'x'.repeat(32) });
  const notices = new JobChangeNotices(config, { url }, dataSource);
  const heard: (string | null)[] = [];
  notices.start((jobId) => heard.push(jobId));
  return { notices, heard };
}

const untilHearing = (notices: JobChangeNotices, wanted = true): Promise<unknown> =>
  eventually(
    () => Promise.resolve(notices.isHearing),
    (isHearing) => isHearing === wanted,
  );

const change = (jobId: string): Promise<unknown> =>
  dataSource.query(`SELECT pg_notify('role_mining_job', $1)`, [jobId]);

const untilHeard = (heard: (string | null)[], what: string | null): Promise<unknown> =>
  eventually(
    () => Promise.resolve(heard),
    () => heard.includes(what),
  );

describe('notices of changed jobs', () => {
  it('are heard once it is certain that they would be, and what was missed before is made up for', async () => {
    const { notices, heard } = listening(database.url);
    await untilHearing(notices);
    expect(heard).toEqual([null]);
    const jobId = randomUUID();
    await change(jobId);
    await untilHeard(heard, jobId);
    await notices.stop();
    expect(notices.isHearing).toBe(false);
  });

  it('are replaced by polling where a LISTEN succeeds and hears nothing, as behind a transaction pooler', async () => {
    const { notices, heard } = listening(elsewhere.superuserUrl);
    await change(randomUUID());
    await untilHeard(heard, null);
    expect([notices.isHearing, new Set(heard)]).toEqual([false, new Set([null])]);
    await notices.stop();
  });

  it('are replaced by polling where the database cannot be reached', async () => {
    const { notices, heard } = listening('postgresql://nobody@127.0.0.1:1/none');
    await untilHeard(heard, null);
    expect(notices.isHearing).toBe(false);
    await notices.stop();
  });

  it('are heard again after the connection was lost', async () => {
    const { notices, heard } = listening(database.url);
    await untilHearing(notices);
    const superuser = new pg.Client(database.superuserUrl);
    await superuser.connect();
    await superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    await superuser.end();
    await untilHearing(notices, false);
    heard.length = 0;
    await untilHearing(notices);
    expect(heard).toContain(null);
    await notices.stop();
  });

  it('leave no connection behind', async () => {
    const listeners = async (): Promise<number> => {
      const [{ count }] = await dataSource.query<[{ count: number }]>(
        `SELECT count(*)::integer AS count FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      return count;
    };
    const { notices } = listening(database.url);
    await untilHearing(notices);
    await eventually(listeners, (count) => count === 1);
    await notices.stop();
    await eventually(listeners, (count) => count === 0);
  });
});

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module.js';
import { loadConfig } from '../../src/config/load-config.js';
import { EmbeddedServer } from '../../src/database/embedded-server/embedded-server.js';
import { openDatabase } from '../../src/database/open-database.js';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
import { createHttpApplication } from '../../src/http-application.js';
import { fillLists, jobOf, type ListSizes, vacuumLists } from '../../test/support/filled-lists.js';
import { listCalls, type ListStatements, type Statement, statementsOf } from '../../test/support/list-calls.js';
import type { BenchResult } from '../bench-result.js';
import { median } from '../median.js';

const TENANT = '4d5b1a8e-7f0c-4a39-9d52-3f9f3a1c2b60';
const SECRET = 'a secret of the benchmark, more than 32 bytes long';
/** Enough for a full page of everything, so that both databases read as many rows for it. */
const SMALL: ListSizes = { jobs: 2_000, resultsOfJob: 2_000, otherResults: 0, otherCandidates: 0, others: 2_000 };
const LARGE: ListSizes = {
  jobs: 100_000,
  resultsOfJob: 50_000,
  otherResults: 50_000,
  otherCandidates: 950_000,
  others: 50_000,
};
const ROUNDS = 21;

/**
 * Every list with few and with many rows: the statements that the service makes of its pages and totals, as the application's
 * login in a tenant's transaction, on a small and a large database in turn; medians. The bare count names the same rows
 * by hand.
 */
export async function benchLists(): Promise<BenchResult[]> {
  await using small = await openLists(SMALL);
  await using large = await openLists(LARGE);
  const rows: BenchResult['rows'] = [];
  for (const { path, table, condition } of listCalls(TENANT)) {
    const { page, total } = await large.statementsOf(path);
    const values = condition.includes('$2') ? [TENANT, jobOf(TENANT)] : [TENANT];
    const bare: Statement = { sql: `SELECT count(*) FROM ${table} WHERE ${condition}`, values };
    const times: Record<'small' | 'large' | 'total' | 'bare', number[]> = { small: [], large: [], total: [], bare: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times.small.push(await small.time(page));
      times.large.push(await large.time(page));
      if (total !== null) times.total.push(await large.time(total));
      times.bare.push(await large.time(bare));
    }
    rows.push({
      list: path.replace(/^\/governance\//, '').replace(jobOf(TENANT), '…'),
      'page, small ms': round(median(times.small)),
      'page, large ms': round(median(times.large)),
      'large ÷ small': round(median(times.large) / median(times.small)),
      'total, large ms': total === null ? null : round(median(times.total)),
      'bare count ms': round(median(times.bare)),
      'total ÷ bare': total === null ? null : round(median(times.total) / median(times.bare)),
    });
  }
  const size = `${LARGE.jobs} jobs, ${LARGE.resultsOfJob + LARGE.otherCandidates} candidates (${LARGE.resultsOfJob} of one job)`;
  return [{ title: `Lists of ${size}, against ${SMALL.jobs} jobs and candidates, medians of ${ROUNDS} in turn`, rows }];
}

interface Lists extends AsyncDisposable {
  statementsOf(path: string): Promise<ListStatements>;
  /** Milliseconds. */
  time(statement: Statement): Promise<number>;
}

async function openLists(sizes: ListSizes): Promise<Lists> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-bench-'));
  await chmod(directory, 0o755);
  const environment = { DATA_DIR: directory, JWT_SECRET: SECRET, LOG_LEVEL: 'silent', PROCESS_ROLE: 'api' };
  const config = loadConfig(environment);
  const database = await openDatabase(config.database);
  try {
    await fill(directory, new URL(database.url).pathname.slice(1), sizes);
  } catch (error) {
    await database.close();
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  const app = await createHttpApplication(AppModule.forRoot(config, database), config);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const token = jwt.sign({ sub: TENANT, tid: TENANT, roles: ['admin'] }, SECRET, { expiresIn: '1h' });
  const dataSource = app.get(DataSource);
  const transaction = app.get(TenantTransaction);
  return {
    statementsOf: (path) =>
      statementsOf(dataSource, async () => {
        const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      }),
    time: ({ sql, values }) =>
      transaction.run(TENANT, async (manager) => {
        const begin = performance.now();
        await manager.query(sql, values);
        return performance.now() - begin;
      }),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function fill(dataDirectory: string, name: string, sizes: ListSizes): Promise<void> {
  await using server = await EmbeddedServer.start({ dataDirectory });
  const client = new pg.Client(server.superuserUrl(name));
  await client.connect();
  try {
    await fillLists(client, TENANT, sizes);
    await vacuumLists(client);
  } finally {
    await client.end();
  }
}

const round = (value: number): number => Number(value.toFixed(2));

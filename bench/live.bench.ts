import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { loadDatabaseConfig } from '../src/config/load-config.js';
import { openDatabase } from '../src/database/open-database.js';
import type { BenchResult } from './bench-result.js';

const ROOT = join(import.meta.dirname, '..');
const SECRET = 'a secret of the benchmark, more than 32 bytes long';
const PORT = 39_872;
const URL = `http://127.0.0.1:${PORT}`;
const STREAMS = 500;
const WINDOW_SECONDS = 10;
/** What a run writes: its progress, twice a second. */
const CHANGES_PER_SECOND = 2;

/**
 * What open streams of jobs' events cost an API process: memory, CPU, and transactions of the database; with all streams
 * on one job that changes, on as many jobs of as many tenants, and idle. Beside it, how soon the process ends when asked to.
 */
export async function benchLive(): Promise<BenchResult[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'role-mining-bench-'));
  const database = await openDatabase({ ...loadDatabaseConfig({ DATA_DIR: dataDirectory }) });
  const client = new pg.Client({ connectionString: database.url, options: '-c search_path=role_mining' });
  await client.connect();
  const rows: BenchResult['rows'] = [];
  try {
    for (const [name, jobCount, changedCount] of [
      ['one job, idle', 1, 0],
      ['one job that changes', 1, 1],
      ['500 jobs of 500 tenants, one changes', STREAMS, 1],
      ['500 jobs of 500 tenants, 20 change', STREAMS, 20],
    ] as const) {
      const api = spawn(process.execPath, ['dist/main.js'], {
        cwd: ROOT,
        env: {
          ...process.env,
          DATABASE_URL: database.url,
          PROCESS_ROLE: 'api',
          PORT: String(PORT),
          JWT_SECRET: SECRET,
          LOG_LEVEL: 'warn',
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      try {
        rows.push({ streams: `${STREAMS} on ${name}`, ...(await measure(api, client, jobCount, changedCount)) });
      } finally {
        if (api.exitCode === null) api.kill('SIGKILL');
      }
    }
  } finally {
    await client.end();
    await database.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
  return [{ title: `Streams of jobs' events, ${WINDOW_SECONDS} s each`, rows }];
}

async function measure(
  api: ChildProcess,
  client: pg.Client,
  jobCount: number,
  changedCount: number,
): Promise<Record<string, number>> {
  await untilReady();
  const jobs = await createJobs(client, jobCount);
  const bytesBefore = await residentBytes(api);
  const agent = new Agent({ keepAlive: false });
  let events = 0;
  const streams = await Promise.all(
    Array.from({ length: STREAMS }, (_, index) => open(agent, jobs[index % jobCount], () => events++)),
  );
  await delay(2_000); // until the process listens, and has read what it follows
  const bytesAfter = await residentBytes(api);
  const [cpuBefore, transactionsBefore] = [await cpuSeconds(api), await transactions(client)];
  events = 0;
  let changes = 0;
  for (const end = performance.now() + WINDOW_SECONDS * 1000; performance.now() < end;) {
    for (const job of jobs.slice(0, changedCount)) await change(client, job, ++changes);
    await delay(1000 / CHANGES_PER_SECOND);
  }
  await delay(200);
  const ours = changes;
  const transactionCount = (await transactions(client)) - transactionsBefore - ours;
  const cpu = (await cpuSeconds(api)) - cpuBefore;
  const startedAt = performance.now();
  const ended = Promise.all(streams.map((stream) => once(stream, 'close')));
  const exited = once(api, 'exit');
  api.kill('SIGTERM');
  await Promise.all([ended, exited]);
  return {
    'KiB a stream': Math.round((bytesAfter - bytesBefore) / 1024 / STREAMS),
    'events/s': Math.round(events / WINDOW_SECONDS),
    'transactions/s': Number((transactionCount / WINDOW_SECONDS).toFixed(1)),
    'CPU %': Number(((100 * cpu) / WINDOW_SECONDS).toFixed(1)),
    'stops in ms': Math.round(performance.now() - startedAt),
  };
}

interface BenchJob {
  readonly tenantId: string;
  readonly id: string;
}

async function createJobs(client: pg.Client, count: number): Promise<BenchJob[]> {
  const jobs = Array.from({ length: count }, () => ({ tenantId: randomUUID(), id: randomUUID() }));
  for (const { tenantId, id } of jobs) {
    await asTenant(
      client,
      tenantId,
      `INSERT INTO role_mining_job (tenant_id, id, name, parameters, created_by, status, started_at)
       VALUES ('${tenantId}', '${id}', 'Bench', '{}', '${tenantId}', 'running', now())`,
    );
  }
  // No worker is there: the queue must not miss them.
  return jobs;
}

function change(client: pg.Client, { tenantId, id }: BenchJob, complexity: number): Promise<unknown> {
  return asTenant(
    client,
    tenantId,
    `UPDATE role_mining_job SET best_role_count = 1, best_complexity = ${complexity} WHERE id = '${id}'`,
  );
}

function asTenant(client: pg.Client, tenantId: string, statement: string): Promise<unknown> {
  return client.query(`BEGIN; SET LOCAL app.current_tenant = '${tenantId}'; ${statement}; COMMIT`);
}

function open(agent: Agent, { tenantId, id }: BenchJob, onEvent: () => void): Promise<NodeJS.ReadableStream> {
  const token = jwt.sign({ sub: tenantId, tid: tenantId, roles: ['admin'] }, SECRET, { expiresIn: '1h' });
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    get(`${URL}/governance/role-mining/jobs/${id}/events`, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`The stream was answered ${response.statusCode}`));
      response.on('data', (text: Buffer) => text.includes('event: ') && onEvent());
      resolve(response);
    }).on('error', reject);
  });
}

async function untilReady(): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const response = await fetch(`${URL}/health/ready`).catch(() => null);
    if (response?.ok) return;
    await delay(100);
  }
  throw new Error('The service did not become ready within 30 s');
}

/** Of the whole database, whoever they are; its statistics are a second behind. */
async function transactions(client: pg.Client): Promise<number> {
  await delay(1_500);
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0].count);
}

async function residentBytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** User and system time; clock ticks are hundredths of a second on Linux. */
async function cpuSeconds({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

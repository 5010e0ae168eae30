import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import jwt from 'jsonwebtoken';
import { loadDatabaseConfig } from '../../src/config/load-config.js';
import { openDatabase } from '../../src/database/open-database.js';
import type { BenchResult } from '../bench-result.js';
import { median } from '../median.js';

const ROOT = join(import.meta.dirname, '../..');
const SECRET = 'a secret of the benchmark, more than 32 bytes long';
const ROUNDS = 3;
const SECONDS = 4;
const CONNECTIONS = 16;
const JOBS = 200;
const SERVICE_PORT = 39_871;

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Request rates of list, get and create, the service against a bare `pg` query on the same routes: each in a process of
 * its own, in turn, medians of the rounds.
 */
export async function benchHttp(): Promise<BenchResult[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'role-mining-bench-'));
  const config = { ...loadDatabaseConfig({ ...process.env, DATA_DIR: dataDirectory }) };
  const database = await openDatabase(config);
  const tenant = randomUUID();
  const noLimits = { RATE_LIMIT_PER_ACTOR: '0', RATE_LIMIT_PER_TENANT: '0' };
  const environment = { ...process.env, ...noLimits, DATABASE_URL: database.url, TENANT: tenant };
  const service = spawn(process.execPath, ['dist/main.js'], {
    cwd: ROOT,
    env: { ...environment, PROCESS_ROLE: 'api', PORT: String(SERVICE_PORT), JWT_SECRET: SECRET, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const bare = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', 'bench/http/bare-server.ts'], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const serviceUrl = `http://127.0.0.1:${SERVICE_PORT}`;
    const bareUrl = `http://127.0.0.1:${await firstLine(bare)}`;
    await untilReady(serviceUrl);
    const authorization = `Bearer ${jwt.sign({ sub: tenant, tid: tenant, roles: ['admin'] }, SECRET, { expiresIn: '1h' })}`;
    const id = await createJobs(serviceUrl, authorization);
    const path = '/governance/role-mining/jobs';
    const calls = [
      { name: 'list (50 of 200)', method: 'GET', path },
      { name: 'get', method: 'GET', path: `${path}/${id}` },
      { name: 'create', method: 'POST', path, body: JSON.stringify({ name: 'Bench' }) },
    ] as const;
    const rows: BenchResult['rows'] = [];
    for (const call of calls) {
      const samples = { service: [] as Measured[], bare: [] as Measured[] };
      for (let round = 0; round < ROUNDS; round++) {
        samples.service.push(await load(serviceUrl, call, authorization));
        samples.bare.push(await load(bareUrl, call, authorization));
      }
      const of = (from: Measured[], field: keyof Measured): number => median(from.map((sample) => sample[field]));
      rows.push({
        call: call.name,
        'service req/s': Math.round(of(samples.service, 'perSecond')),
        'bare pg req/s': Math.round(of(samples.bare, 'perSecond')),
        ratio: Number((of(samples.service, 'perSecond') / of(samples.bare, 'perSecond')).toFixed(2)),
        'service p50/p99 ms': `${of(samples.service, 'p50')}/${of(samples.service, 'p99')}`,
        'bare p50/p99 ms': `${of(samples.bare, 'p50')}/${of(samples.bare, 'p99')}`,
      });
    }
    return [{ title: `HTTP, ${CONNECTIONS} connections, ${ROUNDS} × ${SECONDS} s each, in turn`, rows }];
  } finally {
    await Promise.all([stop(service), stop(bare)]);
    await database.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function load(
  url: string,
  call: { method: 'GET' | 'POST'; path: string; body?: string },
  authorization: string,
): Promise<Measured> {
  const result = await autocannon({
    url: url + call.path,
    method: call.method,
    body: call.body,
    headers: { authorization, 'content-type': 'application/json' },
    connections: CONNECTIONS,
    duration: SECONDS,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${call.method} ${url}${call.path}: ${result.non2xx} answers other than 2xx, ${result.errors} errors`,
    );
  }
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

async function createJobs(url: string, authorization: string): Promise<string> {
  let id = '';
  for (let n = 0; n < JOBS; n++) {
    const response = await fetch(`${url}/governance/role-mining/jobs`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `Job ${n}` }),
    });
    ({ id } = (await response.json()) as { id: string });
  }
  return id;
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const response = await fetch(`${url}/health/ready`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The service did not become ready within 30 s');
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the process has no output');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return line;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

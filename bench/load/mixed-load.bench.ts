import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadDatabaseConfig } from '../../src/config/load-config.js';
import { openDatabase } from '../../src/database/open-database.js';
import { generateOrganisation } from '../../src/synthetic-organisation/generate-organisation.js';
import { writeOrganisation } from '../../src/synthetic-organisation/write-organisation.js';
import type { BenchOptions } from '../bench-options.js';
import type { BenchResult } from '../bench-result.js';
import { importFiles } from '../service/import-files.js';
import { ServiceUnderTest } from '../service/service-under-test.js';
import { cpuOfFamily, cpuOfProcess, statOf } from './cpu-time.js';
import type { LoadOutcome } from './generator-protocol.js';
import { LoadGenerator } from './load-generator.js';
import { percentile } from './percentile.js';
import { mixedProfile } from './profile.js';
import { latenciesByPhase, mergedPhases } from './latencies-by-phase.js';
import { completedJob, whileJobsRun } from './repeated-job.js';
import { memoryGrowth, watchMemory } from './resident-memory.js';

const DEFAULTS = { users: 100_000, seconds: 60 };
const ENTITLEMENTS = 5_000;
const SATURATION_SECONDS = 15;
const WORKER_NICENESS = 10;
/** Each measurement in so many parts, those without and with a job in turn. */
const PARTS = 2;
const PART_OF_MEMORY_RUN = 10;
/** The bar: a job may make the slowest requests so many times slower. */
const P99_RATIO = 2;

type Row = BenchResult['rows'][number];

/** Shares of one core. */
interface CpuShares {
  readonly api: number;
  readonly worker: number;
  readonly postgres: number;
  readonly generator: number;
}

interface Measured extends LoadOutcome {
  readonly cpu: CpuShares;
  readonly seconds: number;
  /** Jobs that have completed meanwhile; null when none was to run. */
  readonly jobs: number | null;
  /** Latencies by what the job was doing when the request was due; of an open loop with jobs only. */
  readonly byPhase: ReadonlyMap<string, readonly number[]>;
}

/**
 * Mixed reads and writes, without and with a large job in the worker: API, worker (niced), PostgreSQL and the load each
 * in processes of their own. First the highest rate (closed loop), then half of it (open loop, latencies from when each
 * request was due), then the highest rate while jobs run; with `minutes` also the memory of the API over that time.
 */
export async function benchMixedLoad({ users, seconds, minutes }: BenchOptions): Promise<BenchResult[]> {
  const size = { users: users ?? DEFAULTS.users, entitlements: ENTITLEMENTS };
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-bench-'));
  const database = await openDatabase(loadDatabaseConfig({ ...process.env, DATA_DIR: directory }));
  const tenant = randomUUID();
  try {
    const files = join(directory, 'organisation');
    await writeOrganisation(generateOrganisation({ ...size, seed: 1 }), files, new Date('2026-01-01'));
    await importFiles(database, tenant, files);
    await using api = new ServiceUnderTest(database.url, 'api', tenant);
    await using worker = new ServiceUnderTest(database.url, 'worker', tenant, WORKER_NICENESS);
    await using generator = new LoadGenerator();
    await Promise.all([api.ready(), worker.ready()]);
    const load = new MixedLoad(api, worker, generator, await postmasterOf(database.url), await completedJob(api));
    const title = `Mixed load, job of ${size.users} users × ${size.entitlements} entitlements`;
    const results = await compare(load, title, seconds ?? DEFAULTS.seconds);
    if (minutes !== undefined) results.push(await observeMemory(load, minutes));
    return results;
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

class MixedLoad {
  /** Requests per second in the open loop; set once the highest rate is known. */
  pace = 0;

  constructor(
    readonly api: ServiceUnderTest,
    private readonly worker: ServiceUnderTest,
    private readonly generator: LoadGenerator,
    private readonly postmaster: number,
    private readonly jobId: string,
  ) {}

  async measure(perSecond: number | null, seconds: number, withJobs: boolean): Promise<Measured> {
    const { url, headers } = this.api;
    const requests = await mixedProfile(this.api, this.jobId);
    const run = async (): Promise<Omit<Measured, 'jobs' | 'byPhase'>> => {
      const [begin, before] = [performance.now(), await this.cpuSeconds()];
      const outcome = await this.generator.run({ url, headers, requests, seconds, perSecond });
      const [lasted, after] = [(performance.now() - begin) / 1000, await this.cpuSeconds()];
      const share = (of: keyof CpuShares): number => (after[of] - before[of]) / lasted;
      const cpu = {
        api: share('api'),
        worker: share('worker'),
        postgres: share('postgres'),
        generator: share('generator'),
      };
      return { ...outcome, cpu, seconds };
    };
    if (!withJobs) return { ...(await run()), jobs: null, byPhase: new Map() };
    const { result, completed, seen } = await whileJobsRun(this.api, run);
    const byPhase =
      perSecond === null ? new Map<string, number[]>() : latenciesByPhase(result, { perSecond, seconds }, seen);
    return { ...result, jobs: completed, byPhase };
  }

  private async cpuSeconds(): Promise<CpuShares> {
    return {
      api: await cpuOfProcess(this.api.pid),
      worker: await cpuOfProcess(this.worker.pid),
      postgres: await cpuOfFamily(this.postmaster),
      generator: await cpuOfProcess(this.generator.pid),
    };
  }
}

async function compare(load: MixedLoad, title: string, seconds: number): Promise<BenchResult[]> {
  await load.measure(null, Math.min(seconds, SATURATION_SECONDS) / 3, false);
  const saturated = await load.measure(null, Math.min(seconds, SATURATION_SECONDS), false);
  load.pace = saturated.perSecond / 2;
  const [without, withJobs]: [Measured[], Measured[]] = [[], []];
  for (let part = 0; part < PARTS; part++) {
    without.push(await load.measure(load.pace, seconds / PARTS, false));
    withJobs.push(await load.measure(load.pace, seconds / PARTS, true));
  }
  const [quiet, busy] = [together(without), together(withJobs)];
  const saturatedWithJobs = await load.measure(null, seconds, true);
  const ratio = percentile(busy.latencies, 99) / percentile(quiet.latencies, 99);
  const rows = [
    rowOf('highest rate', saturated),
    rowOf('half of it', quiet),
    rowOf('half of it, jobs running', busy),
    rowOf('highest rate, jobs running', saturatedWithJobs),
  ];
  const errors = rows.reduce((sum, row) => sum + Number(row.errors), 0);
  const verdicts = [
    { promise: `p99 with jobs ÷ without, at half of the highest rate, ≤ ${P99_RATIO}`, figure: round(ratio) },
    { promise: 'p50 with jobs ÷ without', figure: round(median50(busy) / median50(quiet)) },
    { promise: 'errors, 0', figure: errors },
  ];
  if (errors > 0) process.exitCode = 1;
  return [
    { title: `${title}; shares are of one core; the worker has niceness ${WORKER_NICENESS}`, rows },
    { title: 'Half of it, by what the job was doing when a request was due', rows: phaseRows(busy) },
    { title: 'What must hold', rows: verdicts },
  ];
}

const median50 = ({ latencies }: Measured): number => percentile(latencies, 50);

/** The parts of one measurement as one. */
function together(parts: readonly Measured[]): Measured {
  const mean = (of: (part: Measured) => number): number =>
    parts.reduce((sum, part) => sum + of(part), 0) / parts.length;
  const sum = (of: (part: Measured) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    perSecond: mean((part) => part.perSecond),
    beganAt: parts[0].beganAt,
    byPhase: mergedPhases(parts),
    latencies: parts.flatMap((part) => part.latencies),
    errors: sum((part) => part.errors),
    lateness: Math.max(...parts.map((part) => part.lateness)),
    seconds: sum((part) => part.seconds),
    jobs: parts[0].jobs === null ? null : sum((part) => part.jobs ?? 0),
    cpu: {
      api: mean((part) => part.cpu.api),
      worker: mean((part) => part.cpu.worker),
      postgres: mean((part) => part.cpu.postgres),
      generator: mean((part) => part.cpu.generator),
    },
  };
}

function rowOf(load: string, measured: Measured): Row {
  const { latencies, perSecond, errors, lateness, cpu, seconds, jobs } = measured;
  const percent = (share: number): string => `${Math.round(share * 100)}%`;
  return {
    load,
    s: seconds,
    'req/s': Math.round(perSecond),
    'p50 ms': round(percentile(latencies, 50)),
    'p95 ms': round(percentile(latencies, 95)),
    'p99 ms': round(percentile(latencies, 99)),
    'max ms': round(percentile(latencies, 100)),
    errors,
    'sent late, p99 ms': round(lateness),
    API: percent(cpu.api),
    worker: percent(cpu.worker),
    PostgreSQL: percent(cpu.postgres),
    generator: percent(cpu.generator),
    'jobs completed': jobs,
  };
}

function phaseRows({ byPhase }: Measured): Row[] {
  return [...byPhase].map(([phase, latencies]) => ({
    phase,
    requests: latencies.length,
    'p50 ms': round(percentile(latencies, 50)),
    'p95 ms': round(percentile(latencies, 95)),
    'p99 ms': round(percentile(latencies, 99)),
  }));
}

async function observeMemory(load: MixedLoad, minutes: number): Promise<BenchResult> {
  const measuring = load.measure(load.pace, minutes * 60, false);
  const { result, samples } = await watchMemory(load.api.pid, measuring);
  const { baseline, growth, holds } = memoryGrowth(samples);
  const rows: Row[] = Array.from({ length: PART_OF_MEMORY_RUN }, (_, part) => {
    const [from, to] = [part, part + 1].map((at) => Math.floor((at * samples.length) / PART_OF_MEMORY_RUN));
    const values = samples.slice(from, Math.max(to, from + 1));
    return { minutes: round(((part + 1) * minutes) / PART_OF_MEMORY_RUN), 'median MiB': round(percentile(values, 50)) };
  });
  if (!holds || result.errors > 0) process.exitCode = 1;
  const verdict = `${round(growth)} MiB over the second half, ${holds ? 'not more' : 'MORE'} than 5% of the baseline`;
  return {
    title: `Resident memory of the API, ${Math.round(result.perSecond)} req/s for ${minutes} min, ${result.errors} errors: baseline ${round(baseline)} MiB, ${verdict}`,
    rows,
  };
}

/** The parent of every server process. */
async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return (await statOf(rows[0].pid)).parent;
  } finally {
    await client.end();
  }
}

const round = (value: number): number => Number(value.toFixed(2));

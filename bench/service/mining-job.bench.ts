import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadDatabaseConfig } from '../../src/config/load-config.js';
import { openDatabase } from '../../src/database/open-database.js';
import { generateOrganisation } from '../../src/synthetic-organisation/generate-organisation.js';
import { writeOrganisation } from '../../src/synthetic-organisation/write-organisation.js';
import type { BenchResult } from '../bench-result.js';
import { importFiles } from './import-files.js';
import { ServiceUnderTest } from './service-under-test.js';

const SIZE = { users: 100_000, entitlements: 5_000 };
/** The first job of a process starts the threads and compiles the engine, later ones find them warm. */
const JOBS = 3;
const JOBS_PATH = '/governance/role-mining/jobs';

interface JobBody {
  readonly id: string;
  readonly status: string;
  readonly candidate_count: number;
  readonly started_at: string;
  readonly completed_at: string;
  readonly summary: { readonly duration_ms: { load: number; mine: number; save: number } } | null;
}

/**
 * Whole jobs on a generated organisation with 2% noise, in a new worker process beside the API: from `run` to
 * `completed`, everything saved. `CPU s` is the worker's, `peak MB` its highest resident memory so far, looked at ten
 * times a second; the database's are in neither.
 */
export async function benchMiningJob(): Promise<BenchResult[]> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-bench-'));
  const database = await openDatabase(loadDatabaseConfig({ ...process.env, DATA_DIR: directory }));
  const tenant = randomUUID();
  try {
    const files = join(directory, 'organisation');
    await writeOrganisation(generateOrganisation({ ...SIZE, seed: 1 }), files, new Date('2026-01-01'));
    await importFiles(database, tenant, files);
    await using api = new ServiceUnderTest(database.url, 'api', tenant);
    await using worker = new ServiceUnderTest(database.url, 'worker', tenant);
    await Promise.all([api.ready(), worker.ready()]);
    const rows: BenchResult['rows'] = [];
    let peakBytes = 0;
    for (let number = 1; number <= JOBS; number++) {
      const before = await worker.usage();
      const { id } = await api.call<JobBody>('POST', JOBS_PATH, { name: `Job ${number}` });
      await api.call('POST', `${JOBS_PATH}/${id}/run`);
      let job: JobBody;
      do {
        await delay(100);
        job = await api.call<JobBody>('GET', `${JOBS_PATH}/${id}`);
        peakBytes = Math.max(peakBytes, (await worker.usage()).residentBytes);
      } while (job.status === 'running');
      if (job.summary === null) throw new Error(`The job has ended as ${job.status}`);
      const { load, mine, save } = job.summary.duration_ms;
      rows.push({
        job: number === 1 ? 'first of the process' : `number ${number}`,
        s: round((Date.parse(job.completed_at) - Date.parse(job.started_at)) / 1000),
        'load s': round(load / 1000),
        'mine s': round(mine / 1000),
        'save s': round(save / 1000),
        'CPU s': round((await worker.usage()).cpuSeconds - before.cpuSeconds),
        'peak MB': Math.round(peakBytes / 2 ** 20),
        candidates: job.candidate_count,
      });
    }
    return [
      { title: `Whole jobs, ${SIZE.users} users × ${SIZE.entitlements} entitlements, a new worker process`, rows },
    ];
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const round = (value: number): number => Number(value.toFixed(2));

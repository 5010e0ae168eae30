import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadDatabaseConfig } from '../../src/config/load-config.js';
import { openDatabase } from '../../src/database/open-database.js';
import type { BenchResult } from '../bench-result.js';
import { ServiceUnderTest } from './service-under-test.js';

const USERS = 100_000;
/** Of 1,000 members each: a million rows. */
const CANDIDATES = 1_000;
const MEMBERS = 1_000;
const LOOK_MS = 50;

/**
 * An export of a million members of candidates by a new API process, read as fast as it comes. `peak MB` is the highest
 * resident memory that the process had, looked at twenty times a second; `idle MB` is what it had before its first export.
 */
export async function benchExport(): Promise<BenchResult[]> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-bench-'));
  const database = await openDatabase(loadDatabaseConfig({ ...process.env, DATA_DIR: directory }));
  const tenant = randomUUID();
  try {
    const jobId = await seed(database.url, tenant);
    const rows: BenchResult['rows'] = [];
    for (const format of ['ndjson', 'csv'] as const) {
      await using api = new ServiceUnderTest(database.url, 'api', tenant);
      await api.ready();
      const path = `/governance/role-mining/jobs/${jobId}/candidate-members?format=`;
      // What any first request costs: statements, code.
      await api.read(`${path}json`);
      const before = await api.usage();
      let peakBytes = before.residentBytes;
      let reading = true;
      const looking = (async () => {
        while (reading) {
          peakBytes = Math.max(peakBytes, (await api.usage()).residentBytes);
          await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        }
      })();
      const start = performance.now();
      const { bytes, lines } = await api.read(path + format);
      const seconds = (performance.now() - start) / 1000;
      reading = false;
      await looking;
      rows.push({
        format,
        rows: lines - (format === 'csv' ? 1 : 0),
        MB: Math.round(bytes / 2 ** 20),
        s: Number(seconds.toFixed(2)),
        'CPU s': Number(((await api.usage()).cpuSeconds - before.cpuSeconds).toFixed(2)),
        'idle MB': Math.round(before.residentBytes / 2 ** 20),
        'peak MB': Math.round(peakBytes / 2 ** 20),
      });
    }
    return [{ title: `An export of ${CANDIDATES} candidates' members, a new API process each`, rows }];
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** A completed job whose candidates have overlapping members among known users. */
async function seed(url: string, tenant: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=role_mining' });
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.current_tenant', $1, false)`, [tenant]);
    await client.query(
      `INSERT INTO access_user (tenant_id, id, number, external_id)
       SELECT $1, md5(n::text)::uuid, n, 'user-' || n FROM generate_series(0, $2 - 1) AS n`,
      [tenant, USERS],
    );
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO role_mining_job (tenant_id, name, status, progress_percent, parameters, started_at, completed_at, created_by)
       VALUES ($1, 'Export', 'completed', 100, '{}', now(), now(), $1) RETURNING id`,
      [tenant],
    );
    await client.query(
      `INSERT INTO role_mining_candidate (tenant_id, job_id, proposed_name, confidence_score, member_count,
         assigned_member_count, entitlement_ids, member_ids, assigned_member_ids, explanation)
       SELECT $1, $2, 'Candidate ' || candidate, 1, $4, $4, '{}', members, members, '{}'
       FROM generate_series(1, $3) AS candidate, LATERAL (
         SELECT array_agg(id ORDER BY id) AS members FROM (
           SELECT md5(((candidate * 97 + n * 83) % $5)::text)::uuid AS id FROM generate_series(1, $4) AS n) AS member) AS of`,
      [tenant, rows[0].id, CANDIDATES, MEMBERS, USERS],
    );
    return rows[0].id;
  } finally {
    await client.end();
  }
}

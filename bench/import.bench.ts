import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { ACCESS_FILE_PARTS, type AccessFile, type AccessFilePart } from '../src/access-files/access-file.js';
import { NO_ACCESS_RULES } from '../src/access-graph/import/access-rules.js';
import { PostgresAuditTrail } from '../src/audit/postgres-audit-trail.js';
import { AccessGraphService } from '../src/access-graph/import/access-graph.service.js';
import { AccessImport } from '../src/access-graph/import/import.entity.js';
import { partsOfFiles } from '../src/access-graph/import/parts-of-files.js';
import { PostgresAccessGraphReader } from '../src/access-graph/snapshot/postgres-access-graph.reader.js';
import { loadDatabaseConfig } from '../src/config/load-config.js';
import { readIntegerLists } from '../src/database/binary-copy.js';
import { applicationLimits, dataSourceOptions } from '../src/database/connection.js';
import { openDatabase } from '../src/database/open-database.js';
import { TenantTransaction } from '../src/database/tenant-transaction.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';
import { writeOrganisation } from '../src/synthetic-organisation/write-organisation.js';
import type { BenchResult } from './bench-result.js';

const SIZES = [
  { users: 20_000, entitlements: 2_000 },
  { users: 100_000, entitlements: 5_000 },
];
const ROUNDS = 3;
const IMPORT_ROUNDS = 2;

/**
 * Import and load of generated organisations (users, entitlements, assignments with their last use, existing roles)
 * against bare COPY of the assignments alone: the same file into a temporary table without and with the key, and the
 * same assignments out of the imported table as integer lists. In the same run, on one connection each; the best rounds.
 */
export async function benchImport(): Promise<BenchResult[]> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-bench-'));
  const database = await openDatabase(loadDatabaseConfig({ ...process.env, DATA_DIR: directory }));
  const { config, url } = database;
  const options = dataSourceOptions(config, url, applicationLimits(config));
  const dataSource = await new DataSource({ ...options, entities: [AccessImport] }).initialize();
  const bench = new ImportBench(dataSource, config);
  try {
    const results: BenchResult[] = [];
    for (const { users, entitlements } of SIZES) {
      const files = join(directory, `${users}`);
      await writeOrganisation(generateOrganisation({ users, entitlements, seed: 1 }), files, new Date('2026-01-01'));
      const title = `${users} users × ${entitlements} entitlements, best of ${ROUNDS} (imports: ${IMPORT_ROUNDS})`;
      results.push({ title, rows: await bench.measure(files) });
    }
    return results;
  } finally {
    await dataSource.destroy();
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

class ImportBench {
  private readonly service: AccessGraphService;
  private readonly reader: PostgresAccessGraphReader;

  constructor(
    private readonly dataSource: DataSource,
    config: ReturnType<typeof loadDatabaseConfig>,
  ) {
    const transaction = new TenantTransaction(dataSource);
    this.service = new AccessGraphService(
      dataSource,
      transaction,
      { database: config },
      new PostgresAuditTrail(),
      NO_ACCESS_RULES,
    );
    this.reader = new PostgresAccessGraphReader(transaction, { database: config });
  }

  async measure(directory: string): Promise<BenchResult['rows']> {
    const tenant = randomUUID();
    const assignments = join(directory, 'assignments.csv');
    const { total: count } = (await this.import(tenant, directory)).assignments;
    const row = (what: string, step: () => Promise<unknown>, rounds = ROUNDS): Promise<Timing> =>
      best(what, rounds, step);
    const timings = [
      await row('COPY into a heap', () => this.copyIn(assignments, '')),
      await row('COPY into a table with the key', () =>
        this.copyIn(assignments, ', PRIMARY KEY (user_id, entitlement_id)'),
      ),
      await row('import', () => this.import(randomUUID(), directory), IMPORT_ROUNDS),
      await row('import of the same again', () => this.import(tenant, directory), IMPORT_ROUNDS),
      await row('COPY out as integer lists', () => this.copyOut(tenant)),
      await row('load as a snapshot', () => this.reader.readSnapshot(tenant)),
    ];
    return timings.map(({ what, seconds, cpuSeconds }) => ({
      step: what,
      assignments: count,
      s: Number(seconds.toFixed(2)),
      'own CPU s': Number(cpuSeconds.toFixed(2)),
      'assignments/s': Math.round(count / seconds),
    }));
  }

  private import(tenantId: string, directory: string): ReturnType<AccessGraphService['importGraph']> {
    const files: { [Part in AccessFilePart]?: AccessFile } = {};
    for (const part of ACCESS_FILE_PARTS) {
      files[part] = { name: part, content: createReadStream(join(directory, `${part}.csv`)) };
    }
    return this.service.importGraph({ tenantId, userId: null, parts: partsOfFiles(files) });
  }

  private async copyIn(file: string, key: string): Promise<void> {
    await this.onConnection(async (client) => {
      await client.query(
        `CREATE TEMP TABLE bare (user_id text COLLATE "C", entitlement_id text COLLATE "C", last_used_at timestamptz${key})`,
      );
      await pipeline(createReadStream(file), client.query(copyFrom('COPY bare FROM STDIN (FORMAT csv, HEADER)')));
      await client.query('DROP TABLE bare');
    });
  }

  private async copyOut(tenantId: string): Promise<void> {
    await this.onConnection(async (client) => {
      await client.query(`BEGIN; SELECT set_config('app.current_tenant', '${tenantId}', true);
        SET LOCAL enable_hashagg = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off`);
      const sql = `COPY (SELECT user_number, array_agg(entitlement_number) FROM access_assignment
        WHERE tenant_id = '${tenantId}' GROUP BY user_number) TO STDOUT (FORMAT binary)`;
      await readIntegerLists(client, sql, () => undefined);
      await client.query('COMMIT');
    });
  }

  private async onConnection(work: (client: PoolClient) => Promise<void>): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await work((await runner.connect()) as PoolClient);
    } finally {
      await runner.release();
    }
  }
}

interface Timing {
  readonly what: string;
  readonly seconds: number;
  /** Of this process, in the best round; the server's is not in it. */
  readonly cpuSeconds: number;
}

async function best(what: string, rounds: number, step: () => Promise<unknown>): Promise<Timing> {
  let bestTiming: Timing | null = null;
  for (let round = 0; round < rounds; round++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await step();
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    if (bestTiming === null || seconds < bestTiming.seconds) {
      bestTiming = { what, seconds, cpuSeconds: (user + system) / 1e6 };
    }
  }
  if (bestTiming === null) throw new RangeError('at least one round is needed');
  return bestTiming;
}

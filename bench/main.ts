import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { benchAnalyses } from './analyses.bench.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { benchBounds } from './bounds.bench.js';
import { benchCancellation } from './cancellation.bench.js';
import { benchFastMode } from './fast-mode.bench.js';
import { benchHttp } from './http/http.bench.js';
import { benchImport } from './import.bench.js';
import { benchLive } from './live.bench.js';
import { benchLists } from './load/lists.bench.js';
import { benchMixedLoad } from './load/mixed-load.bench.js';
import { benchPatterns } from './patterns.bench.js';
import { benchRoleSets } from './role-sets.bench.js';
import { benchExport } from './service/export.bench.js';
import { benchMiningJob } from './service/mining-job.bench.js';
import { benchSuspectedNoise } from './suspected-noise.bench.js';

type Bench = (options: BenchOptions) => Promise<BenchResult[]>;

/** Every benchmark by its group: `npm run bench` runs all, `npm run bench -- engine` one group. */
const BENCHES: Readonly<Record<string, Readonly<Record<string, Bench>>>> = {
  engine: {
    patterns: benchPatterns,
    'role-sets': benchRoleSets,
    bounds: benchBounds,
    'fast-mode': () => benchFastMode(),
    'suspected-noise': benchSuspectedNoise,
    analyses: benchAnalyses,
    cancellation: benchCancellation,
  },
  load: { 'mixed-load': benchMixedLoad, lists: benchLists },
  service: {
    http: benchHttp,
    import: benchImport,
    export: benchExport,
    live: benchLive,
    'mining-job': benchMiningJob,
  },
};

/** Git-ignored; one file a group, for comparing runs. */
const REPORTS = join(import.meta.dirname, '../reports');

async function main(wanted: readonly string[], options: BenchOptions): Promise<void> {
  const names = Object.entries(BENCHES).flatMap(([group, benches]) => [group, ...Object.keys(benches)]);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}"; there are ${names.join(', ')}`);
  const machine = {
    node: process.version,
    cpu: `${cpus().length} × ${cpus()[0].model}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  console.log(`${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}`);
  for (const [group, benches] of Object.entries(BENCHES)) {
    for (const [name, bench] of Object.entries(benches)) {
      if (wanted.length > 0 && !wanted.includes(group) && !wanted.includes(name)) continue;
      const results = await bench(options);
      results.forEach(print);
      await mkdir(REPORTS, { recursive: true });
      const report = { benchmark: name, at: new Date().toISOString(), machine, results };
      await writeFile(join(REPORTS, `bench-${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
    }
  }
}

function print({ title, rows }: BenchResult): void {
  console.log(`\n${title}`);
  if (rows.length === 0) return;
  const head = Object.keys(rows[0]);
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((column) => (typeof rows[0][column] === 'number' ? 'right' : 'left')),
  });
  for (const row of rows) table.push(head.map((column) => row[column] ?? '–'));
  console.log(table.toString());
}

const OPTION = { type: 'string' } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { users: OPTION, seconds: OPTION, minutes: OPTION },
});
const options: Partial<Record<keyof BenchOptions, number>> = {};
for (const name of ['users', 'seconds', 'minutes'] as const) {
  if (values[name] === undefined) continue;
  options[name] = Number(values[name]);
  if (!(options[name] > 0)) throw new Error(`--${name}: "${values[name]}" is not a number above 0`);
}
await main(positionals, options);

import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { instantiateKernels, type EngineKernels } from '../src/engine/kernels/kernels.js';
import type { AccessMatrix } from '../src/engine/matrix/access-matrix.js';
import type { PatternOptions } from '../src/engine/patterns/access-pattern.js';
import { minePatterns } from '../src/engine/patterns/mine-patterns.js';
import { readKernelBytes } from '../src/mining-threads/kernel-bytes.js';
import { helpLink, withHelp } from '../src/mining-threads/pattern-help.js';
import type { BenchResult } from './bench-result.js';
import { compareWithClosedSetMiner, type MiningWork } from './closed-set-miner.js';
import { datasetNames, generatedMatrix, readDataset } from './matrices.js';
import { median } from './median.js';
import { stepMeter, threadMicros, type PatternThreadData, type StepMeter } from './pattern-thread.js';

const RUNS = 9;
/** V8 compiles what describes the patterns in steps. */
const WARM_UP_RUNS = 20;

/**
 * Access patterns, from the matrix to the described patterns, warm: the TypeScript reference against WebAssembly, one
 * thread against two. CPU milliseconds (user + system), medians: on a busy machine they say more than the clock. Of
 * several threads the critical path counts: what is serial plus, task by task, the busiest thread.
 *
 * Where the environment variable `CLOSED_SET_MINER` names a command, as in `fim_closed {file} {support}`, another
 * miner is measured beside ours; `compareWithClosedSetMiner` says what is expected of it.
 */
export async function benchPatterns(): Promise<BenchResult[]> {
  const kernels = instantiateKernels(readKernelBytes());
  const all = { minUsers: 3, minEntitlements: 2, limit: Infinity };
  const top = (limit: number): PatternOptions => ({ ...all, limit });
  const results: BenchResult[] = [];
  const datasets = datasetNames();
  if (datasets.length === 0) console.log('../shared/datasets is absent: its part is skipped');
  else {
    results.push({
      title: 'Closed sets, support ≥ 3 and size ≥ 2, CPU ms warm',
      rows: datasets.map((name) => compare(name, readDataset(name), all, kernels)),
    });
  }
  const organisations = [
    { name: '20k × 2k', matrix: generatedMatrix(20_000, 2_000) },
    { name: '100k × 5k', matrix: generatedMatrix(100_000, 5_000) },
  ];
  results.push({
    title: 'Largest 1,000 by area, generated organisations with 2% noise, CPU ms warm',
    rows: organisations.map(({ name, matrix }) => compare(name, matrix, top(1000), kernels)),
  });
  const { matrix } = organisations[1];
  const command = process.env.CLOSED_SET_MINER;
  if (command) {
    const works: MiningWork[] = [
      ...datasets.map((name) => ({ name, matrix: readDataset(name), minUsers: 3 })),
      { name: '100k × 5k', matrix, minUsers: 1000 },
    ];
    const mineOurs = (work: MiningWork): number =>
      minePatterns(work.matrix, { ...all, minUsers: work.minUsers }, {}, kernels).length;
    results.push(compareWithClosedSetMiner(command, works, mineOurs));
  }
  results.push({
    title: '100k × 5k on one and two threads, WebAssembly, warm: CPU ms along the critical path, and by the clock',
    rows: [
      await compareThreads('largest 1,000', matrix, top(1000), kernels, { warmUp: 80, measured: 41 }),
      await compareThreads('largest 100,000', matrix, top(100_000), kernels, { warmUp: 4, measured: RUNS }),
      await compareThreads('all, support ≥ 1,000', matrix, { ...all, minUsers: 1000 }, kernels, {
        warmUp: 4,
        measured: RUNS,
      }),
    ],
  });
  return results;
}

function compare(
  name: string,
  matrix: AccessMatrix,
  options: PatternOptions,
  kernels: EngineKernels,
): BenchResult['rows'][number] {
  const residentBefore = process.memoryUsage.rss();
  const patterns = minePatterns(matrix, options, {}, kernels).length;
  const webAssembly = medianCpu(() => minePatterns(matrix, options, {}, kernels));
  const residentGrowth = (process.memoryUsage.rss() - residentBefore) / 2 ** 20;
  const typeScript = medianCpu(() => minePatterns(matrix, options, {}));
  return {
    matrix: name,
    assignments: matrix.assignmentCount,
    patterns,
    TypeScript: round(typeScript),
    WebAssembly: round(webAssembly),
    'of it search': round(median(repeat(() => searchCpu(matrix, options, kernels)))),
    'memory growth MiB': Math.max(0, Math.round(residentGrowth)),
  };
}

/** What the search below the root columns takes of `minePatterns`: the rest reads the matrix and describes patterns. */
function searchCpu(matrix: AccessMatrix, options: PatternOptions, kernels: EngineKernels): number {
  let total = 0;
  minePatterns(
    matrix,
    options,
    {},
    {
      workOnPatterns: (task, control) => {
        const start = process.cpuUsage();
        const findings = kernels.workOnPatterns(task, control);
        if (task.kind === 'search') total += cpuSince(start);
        return findings;
      },
    },
  );
  return total;
}

/** Whole phase and search within it, in milliseconds. */
interface Times {
  whole: number[];
  search: number[];
  wall: number[];
}

async function compareThreads(
  work: string,
  matrix: AccessMatrix,
  options: PatternOptions,
  kernels: EngineKernels,
  runs: { readonly warmUp: number; readonly measured: number },
): Promise<BenchResult['rows'][number]> {
  const link = helpLink();
  const meter = stepMeter();
  const workerData: PatternThreadData = { link: link.forHelper, meter };
  const helper = new Worker(new URL('./pattern-thread.ts', import.meta.url), {
    workerData,
    transferList: [link.forHelper.port],
  });
  while (!link.isStarted()) await setTimeout(10);
  const one: Times = { whole: [], search: [], wall: [] };
  const two: Times = { whole: [], search: [], wall: [] };
  const helped = measured(kernels, meter);
  const leading = withHelp(helped.kernels, [link.forLeader]);
  // In turn, so that whatever else the machine does meets both.
  for (let run = 0; run < runs.warmUp + runs.measured; run++) {
    time(one, matrix, options, measured(kernels, stepMeter()));
    time(two, matrix, options, { ...helped, kernels: leading });
  }
  link.end();
  await once(helper, 'exit');
  link.forLeader.port.close();
  const [a, b] = [one, two].map(({ whole, search, wall }) => ({
    whole: median(whole.slice(runs.warmUp)),
    search: median(search.slice(runs.warmUp)),
    wall: median(wall.slice(runs.warmUp)),
  }));
  return {
    work,
    'whole, 1 thread': round(a.whole),
    'whole, 2 threads': round(b.whole),
    'whole ×': round(a.whole / b.whole),
    'search, 1 thread': round(a.search),
    'search, 2 threads': round(b.search),
    'search ×': round(a.search / b.search),
    'clock, 1 thread': round(a.wall),
    'clock, 2 threads': round(b.wall),
    'clock ×': round(a.wall / b.wall),
  };
}

interface MeasuredKernels {
  readonly kernels: EngineKernels;
  readonly meter: StepMeter;
  /** Of the leading thread, per step: CPU microseconds, and whether it was the search. */
  readonly steps: { micros: number; isSearch: boolean }[];
}

function measured(kernels: EngineKernels, meter: StepMeter): MeasuredKernels {
  const steps: MeasuredKernels['steps'] = [];
  return {
    meter,
    steps,
    kernels: {
      workOnPatterns: (task, control) => {
        const start = process.threadCpuUsage();
        const findings = kernels.workOnPatterns(task, control);
        steps.push({ micros: threadMicros(start), isSearch: task.kind === 'search' });
        return findings;
      },
    },
  };
}

/** The critical path: all that the leading thread does, and step by step what the helper takes longer. */
function time(times: Times, matrix: AccessMatrix, options: PatternOptions, run: MeasuredKernels): void {
  const { kernels, meter, steps } = run;
  steps.length = 0;
  meter.micros.fill(0);
  const clock = performance.now();
  const start = process.threadCpuUsage();
  minePatterns(
    matrix,
    options,
    {},
    {
      workOnPatterns: (task, control) => {
        Atomics.store(meter.step, 0, steps.length);
        return kernels.workOnPatterns(task, control);
      },
    },
  );
  let whole = threadMicros(start);
  times.wall.push(performance.now() - clock);
  let search = 0;
  steps.forEach(({ micros, isSearch }, step) => {
    const longest = Math.max(micros, meter.micros[step]);
    whole += longest - micros;
    if (isSearch) search += longest;
  });
  times.whole.push(whole / 1000);
  times.search.push(search / 1000);
}

function medianCpu(run: () => unknown): number {
  return median(
    repeat(() => {
      const start = process.cpuUsage();
      run();
      return cpuSince(start);
    }),
  );
}

function repeat(measure: () => number): number[] {
  return Array.from({ length: WARM_UP_RUNS + RUNS }, measure).slice(WARM_UP_RUNS);
}

function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

if (import.meta.main) {
  for (const { title, rows } of await benchPatterns()) {
    console.log(title);
    console.table(rows);
  }
}

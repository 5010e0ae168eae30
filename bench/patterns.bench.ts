import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { instantiateKernels, type EngineKernels } from '../src/engine/kernels/kernels.js';
import type { AccessMatrix } from '../src/engine/matrix/access-matrix.js';
import type { PatternOptions } from '../src/engine/patterns/access-pattern.js';
import { minePatterns } from '../src/engine/patterns/mine-patterns.js';
import { patternSearch } from '../src/engine/patterns/pattern-search.js';
import { readKernelBytes } from '../src/mining-threads/kernel-bytes.js';
import type { BenchResult } from './bench-result.js';
import { datasetNames, generatedMatrix, readDataset } from './matrices.js';
import { median } from './median.js';
import type { PatternThreadAnswer } from './pattern-thread.js';

const RUNS = 9;
/** V8 compiles what describes the patterns in steps. */
const WARM_UP_RUNS = 20;

/**
 * Access patterns, from the matrix to the described patterns, warm: the TypeScript reference against WebAssembly, one
 * thread against two. CPU milliseconds (user + system), medians: on a busy machine they say more than the clock. Of
 * several threads the critical path counts: what is serial plus, task by task, the busiest thread.
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
  results.push({
    title: '100k × 5k on one and two threads, WebAssembly, CPU ms along the critical path, warm',
    rows: [await compareThreads(matrix, top(1000)), await compareThreads(matrix, top(100_000))],
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
  const search = patternSearch(matrix, options, {});
  let step = search.next([]);
  while (!step.done) {
    const start = process.cpuUsage();
    const findings = kernels.findClosedSets(step.value, {});
    total += cpuSince(start);
    step = search.next([findings]);
  }
  return total;
}

async function compareThreads(matrix: AccessMatrix, options: PatternOptions): Promise<BenchResult['rows'][number]> {
  const one = await threaded(1, matrix, options);
  const two = await threaded(2, matrix, options);
  return {
    patterns: options.limit,
    'whole, 1 thread': round(one.whole),
    'whole, 2 threads': round(two.whole),
    'whole ×': round(one.whole / two.whole),
    'search, 1 thread': round(one.search),
    'search, 2 threads': round(two.search),
    'search ×': round(one.search / two.search),
  };
}

/** Only the main thread is at work between tasks, so its CPU time there is the serial part. */
async function threaded(
  count: number,
  matrix: AccessMatrix,
  options: PatternOptions,
): Promise<{ whole: number; search: number }> {
  const threads = Array.from({ length: count }, () => new Worker(new URL('./pattern-thread.ts', import.meta.url)));
  const wholes: number[] = [];
  const searches: number[] = [];
  for (let run = 0; run < RUNS + 2; run++) {
    let serial = 0;
    let search = 0;
    let start = process.threadCpuUsage();
    const steps = patternSearch(matrix, options, {});
    let step = steps.next([]);
    while (!step.done) {
      serial += threadCpuSince(start);
      const { value: task } = step;
      const answers = await Promise.all(
        threads.map(async (thread) => {
          thread.postMessage(task);
          const [answer] = (await once(thread, 'message')) as [PatternThreadAnswer];
          return answer;
        }),
      );
      search += Math.max(...answers.map(({ cpuMs }) => cpuMs));
      start = process.threadCpuUsage();
      step = steps.next(answers.map(({ findings }) => findings));
    }
    serial += threadCpuSince(start);
    // The first runs warm the threads up.
    if (run < 2) continue;
    wholes.push(serial + search);
    searches.push(search);
  }
  await Promise.all(threads.map((thread) => thread.terminate()));
  return { whole: median(wholes), search: median(searches) };
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

function threadCpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
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

import type { AccessMatrix } from '../src/engine/matrix/access-matrix.js';
import { mineRoleSet } from '../src/engine/role-set/mine-role-set.js';
import type { BenchResult } from './bench-result.js';
import { datasetNames, generatedMatrix, readDataset } from './matrices.js';

const SECONDS = 5;

/**
 * How near the lower bound comes to the complexity found: with 5 s of CPU time for both, single thread, and with the
 * default budget of a job. CPU seconds (user + system) are the clock, as in `role-sets.bench.ts`.
 */
export function benchBounds(): Promise<BenchResult[]> {
  const matrices = datasetNames().map((name) => ({ name, matrix: readDataset(name) }));
  if (matrices.length === 0) console.log('../shared/datasets is absent: its part is skipped');
  matrices.push({ name: 'generated 2k × 400', matrix: generatedMatrix(2_000, 400) });
  const measured = (title: string, complete: boolean, limits: Limits): BenchResult => ({
    title,
    rows: matrices.map(({ name, matrix }) => measure(name, matrix, complete, limits)),
  });
  const timed: Limits = { stepBudget: Infinity, timeLimitSeconds: SECONDS };
  return Promise.resolve([
    measured(`Lower bound of complexity, complete, ${SECONDS} s`, true, timed),
    measured(`Lower bound of complexity with direct assignments, ${SECONDS} s`, false, timed),
    measured('Lower bound of complexity, complete, budget of a job', true, {}),
  ]);
}

interface Limits {
  readonly stepBudget?: number;
  readonly timeLimitSeconds?: number;
}

function measure(name: string, matrix: AccessMatrix, complete: boolean, limits: Limits): BenchResult['rows'][number] {
  const start = cpuMilliseconds();
  const thresholds = { minUsers: 1, minEntitlements: 1, confidenceThreshold: 0 };
  const options = { objective: 'wsc' as const, complete, ...thresholds, seed: 0, ...limits };
  const { metrics, stoppedBy } = mineRoleSet(matrix, options, { now: cpuMilliseconds });
  const { wsc, lowerBound, provenOptimal } = metrics;
  return {
    matrix: name,
    WSC: wsc,
    bound: lowerBound,
    'gap %': lowerBound === null ? null : Math.round(((wsc - lowerBound) / lowerBound) * 10_000) / 100,
    proven: provenOptimal ? 'yes' : 'no',
    'stopped by': stoppedBy,
    'CPU s': Math.round((cpuMilliseconds() - start) / 10) / 100,
  };
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

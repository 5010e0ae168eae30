import type { AccessMatrix } from '../src/engine/matrix/access-matrix.js';
import { mineRoleSet } from '../src/engine/role-set/mine-role-set.js';
import type { RoleSetOptions } from '../src/engine/role-set/role-set.js';
import type { BenchResult } from './bench-result.js';
import { datasetNames, generatedMatrix, readDataset } from './matrices.js';

const SECONDS = 5;

const complete = { complete: true, minUsers: 1, minEntitlements: 1, confidenceThreshold: 0, seed: 0 };
const withDirect = { ...complete, complete: false };
const asJobs = { complete: false, minUsers: 3, minEntitlements: 2, confidenceThreshold: 0.6, seed: 0 };

/**
 * Role sets after 5 s of CPU time, single thread, and after the default step budget of a job. CPU seconds (user +
 * system) are the search's clock here: on a busy machine they say more than the wall's.
 */
export function benchRoleSets(): Promise<BenchResult[]> {
  const datasets = datasetNames().map((name) => ({ name, matrix: readDataset(name) }));
  if (datasets.length === 0) console.log('../shared/datasets is absent: its part is skipped');
  const timed = { stepBudget: Infinity, timeLimitSeconds: SECONDS };
  const measured = (title: string, options: RoleSetOptions): BenchResult => ({
    title,
    rows: datasets.map(({ name, matrix }) => measure(name, matrix, options)),
  });
  const organisations = [
    { name: '2k × 400', matrix: generatedMatrix(2_000, 400) },
    { name: '20k × 2k', matrix: generatedMatrix(20_000, 2_000) },
    { name: '100k × 5k', matrix: generatedMatrix(100_000, 5_000) },
  ];
  return Promise.resolve([
    measured('Fewest roles, complete', { ...complete, ...timed, objective: 'roles' }),
    measured(`Complexity, complete, ${SECONDS} s`, { ...complete, ...timed, objective: 'wsc' }),
    measured(`Complexity of a hierarchy, complete, ${SECONDS} s`, {
      ...complete,
      ...timed,
      objective: 'wsc',
      hierarchy: true,
    }),
    measured(`Complexity with direct assignments, ${SECONDS} s`, { ...withDirect, ...timed, objective: 'wsc' }),
    measured('Complexity, thresholds and budget of a job', { ...asJobs, objective: 'wsc' }),
    measured('Fewest roles, thresholds and budget of a job', { ...asJobs, objective: 'roles' }),
    {
      title: 'Generated organisations, complexity, thresholds and budget of a job',
      rows: organisations.map(({ name, matrix }) => measure(name, matrix, { ...asJobs, objective: 'wsc' })),
    },
  ]);
}

function measure(name: string, matrix: AccessMatrix, options: RoleSetOptions): BenchResult['rows'][number] {
  const start = cpuMilliseconds();
  const result = mineRoleSet(matrix, options, { now: cpuMilliseconds });
  const seconds = (cpuMilliseconds() - start) / 1000;
  const { roleCount, wsc, roleHierarchyEdges, directAssignments, lowerBound } = result.metrics;
  return {
    matrix: name,
    '|R|': roleCount,
    WSC: wsc,
    inheritances: roleHierarchyEdges,
    direct: directAssignments,
    bound: lowerBound,
    mode: result.mode,
    'stopped by': result.stoppedBy,
    'CPU s': Math.round(seconds * 100) / 100,
    '1000 steps/s': Math.round(result.steps / seconds / 1000),
  };
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

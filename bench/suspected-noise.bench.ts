import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import { accessMatrixFromRows } from '../src/engine/matrix/access-matrix.js';
import { findSuspectedNoise } from '../src/engine/suspected-noise/find-suspected-noise.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';
import type { NoiseSpread } from '../src/synthetic-organisation/noise.js';
import { type DisturbedAccess, overlappingOrganisation } from './overlapping-organisation.js';

export interface Accuracy {
  readonly found: number;
  readonly recall: number;
  readonly precision: number;
}

export interface SuspectedNoiseRun {
  /** `nested`: `role-mining generate`; `overlapping`: see `overlapping-organisation.ts`. */
  readonly organisation: 'nested' | 'overlapping';
  readonly users: number;
  readonly entitlements: number;
  readonly fraction: number;
  readonly spread: NoiseSpread;
  readonly seed: number;
  readonly cpuSeconds: number;
  readonly extra: Accuracy;
  readonly missing: Accuracy;
  /** The trivial rule: extra is what under 5% of the department hold, missing what over 90% hold. */
  readonly baselineExtra: Accuracy;
  readonly baselineMissing: Accuracy;
}

export type NoiseScenario = Pick<
  SuspectedNoiseRun,
  'organisation' | 'users' | 'entitlements' | 'fraction' | 'spread' | 'seed'
>;

export function benchSuspectedNoise(scenario: NoiseScenario): SuspectedNoiseRun {
  const { users, entitlements, seed, fraction, spread } = scenario;
  const access =
    scenario.organisation === 'nested'
      ? nestedOrganisation(scenario)
      : overlappingOrganisation(users, entitlements, seed, fraction, spread);
  const cpuBefore = process.cpuUsage();
  const { extra, missing } = findSuspectedNoise(access.matrix, { limit: access.matrix.assignmentCount }, {});
  const cpuSeconds = process.cpuUsage(cpuBefore).user / 1e6;
  const pairsOf = (grants: typeof extra): Set<number> =>
    new Set(Array.from(grants.users, (user, at) => user * entitlements + grants.entitlements[at]));
  const baseline = rareInDepartment(access);
  return {
    ...scenario,
    cpuSeconds,
    extra: accuracy(pairsOf(extra), access.added),
    missing: accuracy(pairsOf(missing), access.deleted),
    baselineExtra: accuracy(baseline.extra, access.added),
    baselineMissing: accuracy(baseline.missing, access.deleted),
  };
}

function nestedOrganisation({ users, entitlements, seed, fraction, spread }: NoiseScenario): DisturbedAccess {
  const organisation = generateOrganisation({ users, entitlements, seed, noise: { fraction, spread } });
  const pairs = ({ users: who, entitlements: what }: typeof organisation.added): Set<number> =>
    new Set(Array.from(who, (user, at) => user * entitlements + what[at]));
  return {
    matrix: accessMatrixFromRows(users, entitlements, organisation.rows.offsets, organisation.rows.values),
    departmentOfUser: organisation.attributes[0].valuesOfUser.values,
    added: pairs(organisation.added),
    deleted: pairs(organisation.deleted),
  };
}

function rareInDepartment({ matrix, departmentOfUser }: DisturbedAccess): {
  extra: Set<number>;
  missing: Set<number>;
} {
  const { userCount, entitlementCount, rowOffsets, rowColumns } = matrix;
  const departmentCount = departmentOfUser.reduce((most, department) => Math.max(most, department), 0) + 1;
  const staff = new Int32Array(departmentCount);
  const holders = new Int32Array(departmentCount * entitlementCount);
  for (let user = 0; user < userCount; user++) {
    staff[departmentOfUser[user]]++;
    for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) {
      holders[departmentOfUser[user] * entitlementCount + rowColumns[at]]++;
    }
  }
  const common = Array.from({ length: departmentCount }, (_, department) =>
    Array.from({ length: entitlementCount }, (__, entitlement) => entitlement).filter(
      (entitlement) => holders[department * entitlementCount + entitlement] > 0.9 * staff[department],
    ),
  );
  const extra = new Set<number>();
  const missing = new Set<number>();
  for (let user = 0; user < userCount; user++) {
    const department = departmentOfUser[user];
    const row = rowColumns.subarray(rowOffsets[user], rowOffsets[user + 1]);
    for (const entitlement of row) {
      const share = holders[department * entitlementCount + entitlement] / staff[department];
      if (share < 0.05) extra.add(user * entitlementCount + entitlement);
    }
    for (const entitlement of common[department]) {
      if (!row.includes(entitlement)) missing.add(user * entitlementCount + entitlement);
    }
  }
  return { extra, missing };
}

function accuracy(found: ReadonlySet<number>, truth: ReadonlySet<number>): Accuracy {
  let hits = 0;
  for (const pair of found) if (truth.has(pair)) hits++;
  return {
    found: found.size,
    recall: truth.size === 0 ? 1 : hits / truth.size,
    precision: found.size === 0 ? 1 : hits / found.size,
  };
}

export function formatSuspectedNoiseRuns(runs: readonly SuspectedNoiseRun[]): string {
  const table = new Table({
    head: [
      ...['organisation', 'noise', 'seed', 'CPU s', 'added: recall', 'precision', 'deleted: recall', 'precision'],
      ...['baseline added: recall', 'precision', 'deleted: recall', 'precision'],
    ],
  });
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  for (const run of runs) {
    table.push([
      `${run.organisation} ${run.users} × ${run.entitlements}`,
      `${percent(run.fraction)} ${run.spread}`,
      run.seed,
      run.cpuSeconds.toFixed(1),
      ...[run.extra, run.missing, run.baselineExtra, run.baselineMissing].flatMap(({ recall, precision }) => [
        percent(recall),
        percent(precision),
      ]),
    ]);
  }
  return table.toString();
}

export const noiseScenarios: readonly NoiseScenario[] = [
  { organisation: 'nested' as const, users: 100_000, entitlements: 5000, seeds: [1, 2, 3] },
  { organisation: 'overlapping' as const, users: 20_000, entitlements: 1000, seeds: [1, 2] },
].flatMap(({ seeds, ...size }) =>
  [0.01, 0.02, 0.05].flatMap((fraction) =>
    (['uniform', 'department'] as const).flatMap((spread) =>
      seeds.map((seed) => ({ ...size, fraction, spread, seed })),
    ),
  ),
);

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(formatSuspectedNoiseRuns(noiseScenarios.map(benchSuspectedNoise)));
}

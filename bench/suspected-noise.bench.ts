import { pathToFileURL } from 'node:url';
import { accessMatrixFromRows } from '../src/engine/matrix/access-matrix.js';
import { findSuspectedNoise } from '../src/engine/suspected-noise/find-suspected-noise.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';
import type { NoiseSpread } from '../src/synthetic-organisation/noise.js';
import type { BenchResult } from './bench-result.js';
import { type DisturbedAccess, overlappingOrganisation } from './overlapping-organisation.js';

interface Scenario {
  /** `nested`: `role-mining generate`; `overlapping`: see `overlapping-organisation.ts`. */
  readonly organisation: 'nested' | 'overlapping';
  readonly users: number;
  readonly entitlements: number;
  readonly fraction: number;
  readonly spread: NoiseSpread;
  readonly seed: number;
}

/** Seeds 1 to 20 were looked at when the method and its constants were chosen; these were not. Keep it so. */
const SEEDS = [101, 102, 103];
/** And these at 2%, which is what the method is judged by. */
const MORE_SEEDS = [201, 202, 203, 204, 205];

const SCENARIOS: readonly Scenario[] = [
  { organisation: 'nested' as const, users: 100_000, entitlements: 5_000 },
  { organisation: 'overlapping' as const, users: 20_000, entitlements: 1_000 },
].flatMap((size) =>
  [0.01, 0.02, 0.05].flatMap((fraction) =>
    (['uniform', 'department'] as const).flatMap((spread) =>
      (fraction === 0.02 ? [...SEEDS, ...MORE_SEEDS] : SEEDS).map((seed) => ({ ...size, fraction, spread, seed })),
    ),
  ),
);

/**
 * How much of planted noise the review list finds (recall, precision, in percent), beside the trivial rule: extra is
 * what under 5% of the department hold, missing is what over 90% of it hold.
 */
export function benchSuspectedNoise(): Promise<BenchResult[]> {
  return Promise.resolve([{ title: 'Suspected noise against planted noise', rows: SCENARIOS.map(measure) }]);
}

function measure(scenario: Scenario): BenchResult['rows'][number] {
  const { organisation, users, entitlements, seed, fraction, spread } = scenario;
  const access =
    organisation === 'nested'
      ? nestedOrganisation(scenario)
      : overlappingOrganisation(users, entitlements, seed, fraction, spread);
  const cpuBefore = process.cpuUsage();
  const { extra, missing } = findSuspectedNoise(access.matrix, { limit: access.matrix.assignmentCount }, {});
  const cpuSeconds = process.cpuUsage(cpuBefore).user / 1e6;
  const pairsOf = (grants: typeof extra): Set<number> =>
    new Set(Array.from(grants.users, (user, at) => user * entitlements + grants.entitlements[at]));
  const trivial = rareInDepartment(access);
  return {
    organisation: `${organisation} ${users} × ${entitlements}`,
    noise: `${100 * fraction}% ${spread}`,
    seed,
    'CPU s': Number(cpuSeconds.toFixed(1)),
    added: accuracy(pairsOf(extra), access.added),
    deleted: accuracy(pairsOf(missing), access.deleted),
    'trivial: added': accuracy(trivial.extra, access.added),
    'trivial: deleted': accuracy(trivial.missing, access.deleted),
  };
}

function nestedOrganisation({ users, entitlements, seed, fraction, spread }: Scenario): DisturbedAccess {
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

/** Recall / precision, in percent. */
function accuracy(found: ReadonlySet<number>, truth: ReadonlySet<number>): string {
  let hits = 0;
  for (const pair of found) if (truth.has(pair)) hits++;
  const percent = (of: number): string => (of === 0 ? '–' : ((100 * hits) / of).toFixed(1));
  return `${percent(truth.size)} / ${percent(found.size)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { title, rows } of await benchSuspectedNoise()) {
    console.log(title);
    console.table(rows);
  }
}

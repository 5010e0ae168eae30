import { pathToFileURL } from 'node:url';
import { type AccessMatrix, accessMatrixFromRows } from '../src/engine/matrix/access-matrix.js';
import { mineFastRoleSet } from '../src/engine/role-set/fast/mine-fast-role-set.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';
import type { BenchResult } from './bench-result.js';

interface Size {
  readonly users: number;
  readonly entitlements: number;
}

const SIZES: readonly Size[] = [
  { users: 20_000, entitlements: 2_000 },
  { users: 100_000, entitlements: 5_000 },
];

/**
 * Fast mode on generated organisations with 2% noise, at the default thresholds and complete. `+MB` is the highest
 * resident memory of the process above what it had with the matrix loaded, 0 when an earlier run of the process used
 * more. WSC before: every assignment is direct.
 */
export function benchFastMode(sizes: readonly Size[] = SIZES): Promise<BenchResult[]> {
  const rows = sizes.flatMap((size) => [false, true].map((complete) => measure(size, complete)));
  return Promise.resolve([{ title: 'Fast mode, generated organisations with 2% noise', rows }]);
}

function measure({ users, entitlements }: Size, complete: boolean): BenchResult['rows'][number] {
  const organisation = generateOrganisation({ users, entitlements, seed: 1 });
  const matrix = accessMatrixFromRows(users, entitlements, organisation.rows.offsets, organisation.rows.values);
  const memoryBefore = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const { roles, stoppedBy, steps } = mineFastRoleSet(
    matrix,
    { objective: 'wsc', complete, minUsers: 3, minEntitlements: 2, confidenceThreshold: 0.6, seed: 0 },
    {},
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = process.cpuUsage(cpuBefore).user / 1e6;
  const addedMegabytes = Math.max(0, process.resourceUsage().maxRSS * 1024 - memoryBefore) / 1e6;
  const userAssignments = roles.reduce((sum, role) => sum + role.users.length, 0);
  const permissionAssignments = roles.reduce((sum, role) => sum + role.entitlements.length, 0);
  const directAssignments = matrix.assignmentCount - countCovered(matrix, roles);
  return {
    'users × entitlements': `${users} × ${entitlements}`,
    assignments: matrix.assignmentCount,
    complete: complete ? 'yes' : 'no',
    s: round(seconds, 2),
    'CPU s': round(cpuSeconds, 2),
    '+MB': Math.round(addedMegabytes),
    planted: organisation.plantedRoles.names.length,
    roles: roles.length,
    UA: userAssignments,
    PA: permissionAssignments,
    direct: directAssignments,
    'WSC before': matrix.assignmentCount,
    'WSC after': roles.length + userAssignments + permissionAssignments + directAssignments,
    'coverage %': round(100 - (100 * directAssignments) / matrix.assignmentCount, 1),
    'stopped by': stoppedBy,
    steps,
  };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function countCovered(
  { userCount, entitlementCount }: AccessMatrix,
  roles: readonly { entitlements: Int32Array; users: Int32Array }[],
): number {
  const rolesOfUser: number[][] = Array.from({ length: userCount }, () => []);
  for (const [index, role] of roles.entries()) for (const user of role.users) rolesOfUser[user].push(index);
  const coveredFor = new Int32Array(entitlementCount).fill(-1);
  let covered = 0;
  for (const [user, held] of rolesOfUser.entries()) {
    for (const role of held) {
      for (const entitlement of roles[role].entitlements) {
        if (coveredFor[entitlement] === user) continue;
        coveredFor[entitlement] = user;
        covered++;
      }
    }
  }
  return covered;
}

/** As a program: sizes as arguments (`1000000x20000 …`), the standard ones without. */
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sizes = process.argv.slice(2).map((size) => {
    const [users, entitlements] = size.split('x').map(Number);
    return { users, entitlements };
  });
  for (const { title, rows } of await benchFastMode(sizes.length > 0 ? sizes : undefined)) {
    console.log(title);
    console.table(rows);
  }
}

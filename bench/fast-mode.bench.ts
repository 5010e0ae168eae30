import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import { type AccessMatrix, accessMatrixFromRows } from '../src/engine/matrix/access-matrix.js';
import { mineFastRoleSet } from '../src/engine/role-set/fast/mine-fast-role-set.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';

export interface FastModeRun {
  readonly users: number;
  readonly entitlements: number;
  readonly assignments: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Highest resident memory of the process above what it had with the matrix loaded, in MB; 0 if an earlier run used more. */
  readonly addedMegabytes: number;
  readonly plantedRoles: number;
  readonly roles: number;
  readonly userAssignments: number;
  readonly permissionAssignments: number;
  readonly directAssignments: number;
  /** Before: every assignment is direct. */
  readonly wscBefore: number;
  readonly wscAfter: number;
  readonly coverage: number;
  readonly stoppedBy: string;
  readonly steps: number;
}

/** Fast mode on a generated organisation with 2% noise, at the default thresholds. */
export function benchFastMode(users: number, entitlements: number, complete: boolean): FastModeRun {
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
    users,
    entitlements,
    assignments: matrix.assignmentCount,
    complete,
    seconds,
    cpuSeconds,
    addedMegabytes,
    plantedRoles: organisation.plantedRoles.names.length,
    roles: roles.length,
    userAssignments,
    permissionAssignments,
    directAssignments,
    wscBefore: matrix.assignmentCount,
    wscAfter: roles.length + userAssignments + permissionAssignments + directAssignments,
    coverage: 1 - directAssignments / matrix.assignmentCount,
    stoppedBy,
    steps,
  };
}

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

export function formatFastModeRuns(runs: readonly FastModeRun[]): string {
  const table = new Table({
    head: [
      ...['users × entitlements', 'assignments', 'complete', 's', 'CPU s', '+MB', 'planted', 'roles', 'UA', 'PA'],
      ...['direct', 'WSC before', 'after', 'coverage', 'stopped by'],
    ],
  });
  for (const run of runs) {
    table.push([
      `${run.users} × ${run.entitlements}`,
      run.assignments,
      run.complete ? 'yes' : 'no',
      run.seconds.toFixed(2),
      run.cpuSeconds.toFixed(2),
      Math.round(run.addedMegabytes),
      run.plantedRoles,
      run.roles,
      run.userAssignments,
      run.permissionAssignments,
      run.directAssignments,
      run.wscBefore,
      run.wscAfter,
      `${(100 * run.coverage).toFixed(1)}%`,
      run.stoppedBy,
    ]);
  }
  return table.toString();
}

/** As a program: sizes as arguments (`100000x5000 …`), the standard ones without. */
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sizes = process.argv.length > 2 ? process.argv.slice(2) : ['20000x2000', '100000x5000'];
  const runs = sizes.flatMap((size) => {
    const [users, entitlements] = size.split('x').map(Number);
    return [false, true].map((complete) => benchFastMode(users, entitlements, complete));
  });
  console.log(formatFastModeRuns(runs));
}

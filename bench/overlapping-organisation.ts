import { type AccessMatrix, accessMatrixFromRows } from '../src/engine/matrix/access-matrix.js';
import { SeededRandom } from '../src/engine/random.js';

/** What the suspected-noise bench needs to know of an organisation. */
export interface DisturbedAccess {
  readonly matrix: AccessMatrix;
  readonly departmentOfUser: Int32Array;
  /** Planted noise, as user × entitlements + entitlement. */
  readonly added: ReadonlySet<number>;
  readonly deleted: ReadonlySet<number>;
}

/**
 * Access of another build than `generateOrganisation`, so that nothing is tuned to that one: no hierarchy and no
 * birthrights; roles are random sets of 3 to 14 entitlements that overlap, because popular entitlements are in many of
 * them; departments share roles; and every twentieth entitlement is granted person by person, to 1–5% of all users.
 */
export function overlappingOrganisation(
  userCount: number,
  entitlementCount: number,
  seed: number,
  fraction: number,
  spread: 'uniform' | 'department',
): DisturbedAccess {
  const random = new SeededRandom(seed);
  /** Squaring makes low numbers popular: half of the draws fall into the first quarter. */
  const popular = (count: number): number => Math.floor(random.float() * random.float() * count);
  const individualCount = Math.floor(entitlementCount / 20);
  const inRoles = entitlementCount - individualCount;
  const roles = Array.from({ length: Math.floor(inRoles / 6) }, () => {
    const size = 3 + random.below(12);
    const role = new Set<number>();
    while (role.size < size) role.add(random.float() < 0.7 ? random.below(inRoles) : popular(inRoles));
    return [...role];
  });
  const individualShares = Array.from({ length: individualCount }, () => 0.01 + 0.04 * random.float());
  const departmentCount = Math.max(5, Math.round(Math.sqrt(userCount) / 6));
  const offers = Array.from({ length: departmentCount }, () =>
    Array.from({ length: 30 }, () => random.below(roles.length)),
  );
  const isNoisy = offers.map((_, department) => spread === 'department' && department % 5 === 0);
  const departmentOfUser = new Int32Array(userCount);
  const added = new Set<number>();
  const deleted = new Set<number>();
  const rowOffsets = new Int32Array(userCount + 1);
  const columns: number[] = [];
  for (let user = 0; user < userCount; user++) {
    const department = random.below(departmentCount);
    departmentOfUser[user] = department;
    const held = new Set<number>();
    const roleCount = 1 + random.below(4);
    for (let k = 0; k < roleCount; k++) {
      const role = random.float() < 0.9 ? offers[department][popular(30)] : random.below(roles.length);
      for (const entitlement of roles[role]) held.add(entitlement);
    }
    individualShares.forEach((share, index) => {
      if (random.float() < (share * 20) / individualCount) held.add(inRoles + index);
    });
    // Four fifths of clustered noise in a fifth of the departments.
    const rate = spread === 'uniform' ? fraction : isNoisy[department] ? fraction * 4 : fraction / 4;
    const planted = [...held];
    for (const entitlement of planted) {
      if (random.float() < rate) {
        held.delete(entitlement);
        deleted.add(user * entitlementCount + entitlement);
      }
      if (random.float() >= rate) continue;
      const wrong = isNoisy[department]
        ? roles[offers[(department + 1) % departmentCount][random.below(30)]][random.below(3)]
        : random.below(entitlementCount);
      if (planted.includes(wrong) || held.has(wrong)) continue;
      held.add(wrong);
      added.add(user * entitlementCount + wrong);
    }
    for (const entitlement of held) columns.push(entitlement);
    rowOffsets[user + 1] = columns.length;
  }
  const matrix = accessMatrixFromRows(userCount, entitlementCount, rowOffsets, Int32Array.from(columns));
  return { matrix, departmentOfUser, added, deleted };
}

import { type IntegerLists, type SeededRandom } from '../engine/index.js';
import { IntegerListBuilder, listAt } from './integer-list-builder.js';
import type { OrganisationPlan } from './organisation-plan.js';
import type { Staff } from './staff.js';

/**
 * `uniform`: everywhere alike, additions drawn from all entitlements. `department`: four fifths of it in a fifth of the
 * departments, additions there drawn from what that department and the next one work with.
 */
export type NoiseSpread = 'uniform' | 'department';

/** Pairs as parallel arrays, ascending by user. */
export interface AssignmentPairs {
  readonly users: Int32Array;
  readonly entitlements: Int32Array;
}

export interface NoisyAssignments {
  /** Entitlements of each user, ascending. */
  readonly rows: IntegerLists;
  readonly added: AssignmentPairs;
  readonly deleted: AssignmentPairs;
}

const noisyDepartmentShare = 0.2;
const noiseInNoisyDepartments = 0.8;
const highestRate = 0.4;

/**
 * Expands the roles of every user and disturbs the result: `fraction` of the assignments are deleted and as many are
 * added, in expectation. A deleted one is never added again; both lists are the truth about the noise.
 */
export function assignWithNoise(
  plan: OrganisationPlan,
  staff: Staff,
  fraction: number,
  spread: NoiseSpread,
  random: SeededRandom,
): NoisyAssignments {
  const userCount = staff.departmentOfUser.length;
  const entitlementCount = plan.entitlements.length;
  const noisy = spread === 'department' ? chooseDepartments(plan.departments.length, random) : null;
  const rates = noiseRates(plan, staff, fraction, noisy);
  const pools = additionPools(plan, noisy);
  const rows = new IntegerListBuilder(userCount);
  const added = new PairCollector();
  const deleted = new PairCollector();
  const lastHolder = new Int32Array(entitlementCount).fill(-1);
  const planted: number[] = [];
  const kept: number[] = [];
  const wrong: number[] = [];
  for (let user = 0; user < userCount; user++) {
    const department = staff.departmentOfUser[user];
    const rate = rates[department];
    planted.length = kept.length = wrong.length = 0;
    for (const role of listAt(staff.rolesOfUser, user)) {
      for (const entitlement of plan.roles[role].entitlements) {
        if (lastHolder[entitlement] === user) continue;
        lastHolder[entitlement] = user;
        planted.push(entitlement);
      }
    }
    planted.sort((a, b) => a - b);
    let additions = 0;
    for (const entitlement of planted) {
      const fate = random.float();
      if (fate < rate) deleted.push(user, entitlement);
      else kept.push(entitlement);
      if (fate >= rate && fate < 2 * rate) additions++;
    }
    const pool = pools[department];
    for (; additions > 0; additions--) {
      // In a tiny organisation a user may hold nearly everything: give up after a few draws.
      for (let draw = 0; draw < 20; draw++) {
        const entitlement = pool === null ? random.below(entitlementCount) : pool[random.below(pool.length)];
        if (lastHolder[entitlement] === user) continue;
        lastHolder[entitlement] = user;
        wrong.push(entitlement);
        break;
      }
    }
    if (wrong.length > 0) {
      wrong.sort((a, b) => a - b);
      for (const entitlement of wrong) added.push(user, entitlement);
      kept.push(...wrong);
      kept.sort((a, b) => a - b);
    }
    for (const entitlement of kept) rows.push(entitlement);
    rows.endList();
  }
  return { rows: rows.build(), added: added.build(), deleted: deleted.build() };
}

function chooseDepartments(departmentCount: number, random: SeededRandom): Set<number> {
  const chosen = new Set<number>();
  const count = Math.max(1, Math.round(departmentCount * noisyDepartmentShare));
  while (chosen.size < count) chosen.add(random.below(departmentCount));
  return chosen;
}

/** Share of assignments deleted (and of additions made) in each department; `fraction` over all. */
function noiseRates(
  plan: OrganisationPlan,
  staff: Staff,
  fraction: number,
  noisy: ReadonlySet<number> | null,
): Float64Array {
  const rates = new Float64Array(plan.departments.length).fill(fraction);
  if (noisy === null) return rates;
  const staffCount = new Float64Array(plan.departments.length);
  for (const department of staff.departmentOfUser) staffCount[department]++;
  let noisyStaff = 0;
  for (const department of noisy) noisyStaff += staffCount[department];
  const share = noisyStaff / staff.departmentOfUser.length;
  for (let department = 0; department < rates.length; department++) {
    const rate = noisy.has(department)
      ? (fraction * noiseInNoisyDepartments) / Math.max(share, Number.MIN_VALUE)
      : (fraction * (1 - noiseInNoisyDepartments)) / Math.max(1 - share, Number.MIN_VALUE);
    rates[department] = Math.min(rate, highestRate);
  }
  return rates;
}

/** What is added in a noisy department comes from its own and the next one's work; null: from anywhere. */
function additionPools(plan: OrganisationPlan, noisy: ReadonlySet<number> | null): (readonly number[] | null)[] {
  return plan.departments.map(({ entitlements }, index) => {
    const neighbour = plan.departments[(index + 1) % plan.departments.length];
    const pool = [...entitlements, ...neighbour.entitlements];
    return noisy?.has(index) && pool.length > 0 ? pool : null;
  });
}

class PairCollector {
  private readonly users = new IntegerListBuilder(0);
  private readonly entitlements = new IntegerListBuilder(0);

  push(user: number, entitlement: number): void {
    this.users.push(user);
    this.entitlements.push(entitlement);
  }

  build(): AssignmentPairs {
    return { users: this.users.build().values, entitlements: this.entitlements.build().values };
  }
}

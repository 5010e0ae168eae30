import { type IntegerLists, type UserAttribute, SeededRandom } from '../engine/index.js';
import type { EntitlementName } from './entitlement-names.js';
import { introduceRoles, type NamedExistingRoles } from './existing-roles.js';
import { transposeLists } from './integer-list-builder.js';
import { assignWithNoise, type AssignmentPairs, type NoiseSpread } from './noise.js';
import { planOrganisation } from './organisation-plan.js';
import { placeStaff } from './staff.js';
import { drawUsage } from './usage.js';

export interface SyntheticOrganisationOptions {
  /** At least 1. */
  users: number;
  /** At least 1. */
  entitlements: number;
  /** 32-bit integer: the same options give the same organisation on every platform. */
  seed: number;
  noise?: {
    /** Share of the planted assignments that are deleted, and as many again added: 0 to 0.4, 0.02 by default. */
    fraction: number;
    spread: NoiseSpread;
  };
}

export interface PlantedRoles {
  readonly names: readonly string[];
  readonly entitlements: IntegerLists;
  readonly members: IntegerLists;
}

/** An organisation whose truth is known: the roles expanded, without `deleted`, with `added`, are the assignments. */
export interface SyntheticOrganisation {
  readonly userCount: number;
  readonly entitlementCount: number;
  /** Entitlements of each user, ascending. */
  readonly rows: IntegerLists;
  /** Parallel to `rows.values`; -1 where no usage is known. */
  readonly daysUnused: Int16Array;
  /** Department, title, location and manager, in this order. */
  readonly attributes: readonly UserAttribute[];
  readonly entitlements: readonly EntitlementName[];
  readonly existingRoles: NamedExistingRoles;
  readonly plantedRoles: PlantedRoles;
  readonly added: AssignmentPairs;
  readonly deleted: AssignmentPairs;
  /** Users who collected the roles of many departments, ascending. */
  readonly overPrivilegedUsers: Int32Array;
}

/**
 * A reproducible organisation of any size with about twenty assignments per user: birthright roles nested from everybody
 * over department and site to title and senior title, duties that no attribute tells, projects across departments,
 * overlapping roles from earlier, noise, and some people with far too much. Time and memory grow with the assignments:
 * a second per 2 million, 30 bytes each.
 *
 * @throws RangeError when a count is below 1 or the noise fraction is not in 0..0.4
 */
export function generateOrganisation(options: SyntheticOrganisationOptions): SyntheticOrganisation {
  const { users: userCount, entitlements: entitlementCount, seed } = options;
  const noise = options.noise ?? { fraction: 0.02, spread: 'uniform' };
  if (!Number.isInteger(userCount) || userCount < 1) {
    throw new RangeError(`users must be an integer of at least 1, got ${userCount}`);
  }
  if (!Number.isInteger(entitlementCount) || entitlementCount < 1) {
    throw new RangeError(`entitlements must be an integer of at least 1, got ${entitlementCount}`);
  }
  if (!(noise.fraction >= 0 && noise.fraction <= 0.4)) {
    throw new RangeError(`the noise fraction must be between 0 and 0.4, got ${noise.fraction}`);
  }
  // One stream per step, so that a change of the noise leaves people and roles as they are.
  const streams = new SeededRandom(seed);
  const [planRandom, staffRandom, noiseRandom, rolesRandom, usageRandom] = Array.from(
    { length: 5 },
    () => new SeededRandom(streams.uint32()),
  );
  const plan = planOrganisation(userCount, entitlementCount, planRandom);
  const staff = placeStaff(plan, userCount, staffRandom);
  const { rows, added, deleted } = assignWithNoise(plan, staff, noise.fraction, noise.spread, noiseRandom);
  const members = transposeLists(staff.rolesOfUser, plan.roles.length);
  return {
    userCount,
    entitlementCount,
    rows,
    daysUnused: drawUsage(rows, entitlementCount, usageRandom),
    attributes: staff.attributes,
    entitlements: plan.entitlements,
    existingRoles: introduceRoles(plan, members, rows, rolesRandom),
    plantedRoles: {
      names: plan.roles.map(({ name }) => name),
      entitlements: listsOf(plan.roles.map(({ entitlements }) => entitlements)),
      members,
    },
    added,
    deleted,
    overPrivilegedUsers: staff.overPrivilegedUsers,
  };
}

function listsOf(lists: readonly (readonly number[])[]): IntegerLists {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, index) => (offsets[index + 1] = offsets[index] + list.length));
  return { offsets, values: Int32Array.from(lists.flat()) };
}

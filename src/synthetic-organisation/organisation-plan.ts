import type { SeededRandom } from '../engine/index.js';
import { entitlementNames, type EntitlementName } from './entitlement-names.js';
import { companyApplications, departments, divisions, siteObjects, sites } from './vocabulary.js';

export interface PlannedRole {
  readonly name: string;
  /** Ascending. */
  readonly entitlements: readonly number[];
}

export interface PlannedTitle {
  readonly name: string;
  /** Relative number of holders within the department. */
  readonly weight: number;
  /** Birthright roles of the title: a senior title has its junior's as well. */
  readonly roles: readonly number[];
}

export interface PlannedDepartment {
  readonly name: string;
  readonly weight: number;
  /** Birthright roles of everybody in the department. */
  readonly roles: readonly number[];
  readonly titles: readonly PlannedTitle[];
  /** Roles for duties that no attribute tells. */
  readonly dutyRoles: readonly number[];
  /** Every entitlement that belongs to the department. */
  readonly entitlements: readonly number[];
}

export interface PlannedSite {
  readonly name: string;
  readonly weight: number;
  readonly roles: readonly number[];
}

/** A role for some people of two departments, made of what both already work with. */
export interface PlannedProject {
  readonly role: number;
  readonly departments: readonly [number, number];
}

/** Which roles the organisation is built from, before anybody works there. */
export interface OrganisationPlan {
  readonly roles: readonly PlannedRole[];
  readonly everybodyRoles: readonly number[];
  readonly departments: readonly PlannedDepartment[];
  readonly sites: readonly PlannedSite[];
  readonly projects: readonly PlannedProject[];
  /** One per entitlement. Those that no role needs are there too, as in every real system. */
  readonly entitlements: readonly EntitlementName[];
}

const titleLevels = [
  { prefix: '', weight: 1 },
  { prefix: 'Senior ', weight: 0.45 },
  { prefix: 'Lead ', weight: 0.2 },
] as const;

/**
 * Sizes follow the number of users and entitlements: more people make more departments, more entitlements make more
 * and finer titles and duties, as long as each still has holders. Only exact arithmetic (no `Math.pow`, no logarithm),
 * so that every platform gets the same organisation.
 */
export function planOrganisation(userCount: number, entitlementCount: number, random: SeededRandom): OrganisationPlan {
  const universalCount = Math.min(4, Math.ceil(entitlementCount / 8));
  const departmentCount = clamp(
    Math.round(Math.sqrt(userCount) / 4) + 5,
    1,
    Math.min(departments.length * divisions.length, Math.ceil(userCount / 20), Math.ceil(entitlementCount / 14)),
  );
  const siteCount = clamp(
    Math.floor(departmentCount / 3),
    1,
    Math.min(sites.length, Math.floor(entitlementCount / 16)),
  );
  const perDepartment = Math.max(0, Math.floor((entitlementCount - universalCount - 2 * siteCount) / departmentCount));

  const builder = new PlanBuilder(entitlementCount, random);
  const universal = builder.takeEntitlements(entitlementNames(companyApplications, ''), universalCount);
  const everybodyRoles = builder.addRole('Everybody', universal);
  const plannedSites = Array.from({ length: siteCount }, (_, index) => {
    const words = [{ name: `${sites[index]} site`, objects: siteObjects }];
    const roles = builder.addRole(`${sites[index]} site`, builder.takeEntitlements(entitlementNames(words, ''), 2));
    return { name: sites[index], weight: 1 / (index + 2), roles };
  });
  const staffPerDepartment = userCount / departmentCount;
  const plannedDepartments = Array.from({ length: departmentCount }, (_, index) =>
    planDepartment(index, perDepartment, staffPerDepartment, builder),
  );
  const projects: PlannedProject[] = [];
  for (let index = 0; index + 1 < departmentCount; index += 3) {
    const pair = [index, index + 1] as const;
    const entitlements = pair.flatMap((department) => builder.sample(plannedDepartments[department].entitlements, 2));
    const [role] = builder.addRole(`Project ${projects.length + 1}`, entitlements);
    if (role !== undefined) projects.push({ role, departments: pair });
  }
  builder.takeEntitlements(entitlementNames([{ name: 'Legacy host', objects: ['accounts', 'files', 'jobs'] }], ''));
  return {
    roles: builder.roles,
    everybodyRoles,
    departments: plannedDepartments,
    sites: plannedSites,
    projects,
    entitlements: builder.entitlements,
  };
}

function planDepartment(index: number, budget: number, staff: number, builder: PlanBuilder): PlannedDepartment {
  const words = departments[index % departments.length];
  const division = divisions[Math.floor(index / departments.length)];
  const name = division === '' ? words.name : `${division} ${words.name}`;
  const names = entitlementNames(words.applications, division);
  let left = budget;
  const take = (from: number, to: number): number[] => {
    const entitlements = builder.takeEntitlements(names, Math.min(left, builder.integer(from, to)));
    left -= entitlements.length;
    return entitlements;
  };

  const common = take(3, 5);
  const roles = builder.addRole(name, common);
  const titleLimit = Math.max(1, Math.floor(staff / 10));
  const titleBudget = Math.ceil(left * 0.6);
  const baseCount = clamp(Math.min(titleLimit, Math.floor(titleBudget / 5)) / 2, 1, words.titles.length);
  const baseTitles = words.titles.slice(0, Math.ceil(baseCount));
  const titles: PlannedTitle[] = [];
  const titleEntitlements: number[] = [];
  for (const [level, { prefix, weight }] of titleLevels.entries()) {
    for (const [position, base] of baseTitles.entries()) {
      const enough = titles.length >= titleLimit || titleEntitlements.length >= titleBudget;
      if (enough && titles.length > 0) break;
      const entitlements = take(level === 0 ? 4 : 3, level === 0 ? 8 : 5);
      titleEntitlements.push(...entitlements);
      const inherited = level === 0 ? [] : titles[position + (level - 1) * baseTitles.length].roles;
      const own = builder.addRole(`${name} – ${prefix}${base}`, entitlements);
      titles.push({ name: prefix + base, weight: weight / (1 + position / 2), roles: [...inherited, ...own] });
    }
  }
  const dutyLimit = Math.floor(staff / 8);
  const dutyRoles: number[] = [];
  const dutyEntitlements: number[] = [];
  while (left >= 3 && dutyRoles.length < dutyLimit) {
    const entitlements = take(3, 6);
    dutyEntitlements.push(...entitlements);
    dutyRoles.push(...builder.addRole(`${name} – duty ${dutyRoles.length + 1}`, entitlements));
  }
  return {
    name,
    weight: 1 / Math.sqrt(index + 3),
    roles,
    titles,
    dutyRoles,
    entitlements: [...common, ...titleEntitlements, ...dutyEntitlements],
  };
}

/** Hands out entitlement ids in random order, so that neighbours in number have nothing to do with each other. */
class PlanBuilder {
  readonly roles: PlannedRole[] = [];
  readonly entitlements: EntitlementName[];
  private readonly order: Int32Array;
  private taken = 0;

  constructor(
    entitlementCount: number,
    private readonly random: SeededRandom,
  ) {
    this.entitlements = new Array<EntitlementName>(entitlementCount);
    this.order = Int32Array.from({ length: entitlementCount }, (_, id) => id);
    for (let at = entitlementCount - 1; at > 0; at--) {
      const other = random.below(at + 1);
      [this.order[at], this.order[other]] = [this.order[other], this.order[at]];
    }
  }

  integer(from: number, to: number): number {
    return from + this.random.below(to - from + 1);
  }

  takeEntitlements(names: Generator<EntitlementName>, count = Infinity): number[] {
    const taken: number[] = [];
    while (taken.length < count && this.taken < this.order.length) {
      const id = this.order[this.taken++];
      const next = names.next();
      if (next.done) break;
      this.entitlements[id] = next.value;
      taken.push(id);
    }
    return taken;
  }

  sample(values: readonly number[], count: number): number[] {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, values.length)) chosen.add(values[this.random.below(values.length)]);
    return [...chosen];
  }

  /** The new role's number, or nothing when there is nothing to put into it. */
  addRole(name: string, entitlements: readonly number[]): number[] {
    if (entitlements.length === 0) return [];
    return [this.roles.push({ name, entitlements: [...entitlements].sort((a, b) => a - b) }) - 1];
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

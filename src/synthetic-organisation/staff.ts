import { type IntegerLists, type UserAttribute, type SeededRandom } from '../engine/index.js';
import { IntegerListBuilder } from './integer-list-builder.js';
import type { OrganisationPlan } from './organisation-plan.js';
import { userId } from './external-ids.js';

/** The people, placed: who works where as what, and which planted roles follow from it. */
export interface Staff {
  /** Department, title, location and manager, in this order. */
  readonly attributes: readonly UserAttribute[];
  readonly departmentOfUser: Int32Array;
  /** Planted roles of each user. */
  readonly rolesOfUser: IntegerLists;
  /** Users who collected the roles of many departments, ascending. */
  readonly overPrivilegedUsers: Int32Array;
}

const dutyShare = 0.75;
const projectShare = 0.05;
const overPrivilegedShare = 0.001;
const reportsPerManager = 10;

export function placeStaff(plan: OrganisationPlan, userCount: number, random: SeededRandom): Staff {
  const pickDepartment = weightedPicker(plan.departments.map((department) => department.weight));
  const pickSite = weightedPicker(plan.sites.map((site) => site.weight));
  const pickTitle = plan.departments.map(({ titles }) => weightedPicker(titles.map((title) => title.weight)));
  const projectsOf = plan.departments.map((_, index) => plan.projects.filter((p) => p.departments.includes(index)));
  const titleNames = [...new Set(plan.departments.flatMap(({ titles }) => titles.map((title) => title.name)))].sort();
  const titleNumber = new Map(titleNames.map((name, index) => [name, index]));

  const departmentOfUser = new Int32Array(userCount);
  const titleOfUser = new Int32Array(userCount);
  const siteOfUser = new Int32Array(userCount);
  const rolesOfUser = new IntegerListBuilder(userCount);
  const overPrivileged = chooseOverPrivileged(userCount, random);
  const roles = new Set<number>();
  for (let user = 0; user < userCount; user++) {
    const departmentIndex = pickDepartment(random.float());
    const department = plan.departments[departmentIndex];
    const title = department.titles[pickTitle[departmentIndex](random.float())];
    const site = pickSite(random.float());
    departmentOfUser[user] = departmentIndex;
    titleOfUser[user] = titleNumber.get(title.name) ?? 0;
    siteOfUser[user] = site;

    roles.clear();
    for (const role of plan.everybodyRoles) roles.add(role);
    for (const role of plan.sites[site].roles) roles.add(role);
    for (const role of department.roles) roles.add(role);
    for (const role of title.roles) roles.add(role);
    const duties = department.dutyRoles;
    if (duties.length > 0) {
      // Three chances of a quarter each: none, one, sometimes two or three duties.
      for (let chance = 0; chance < 3; chance++) {
        if (random.float() < dutyShare / 3) roles.add(duties[random.below(duties.length)]);
      }
    }
    for (const project of projectsOf[departmentIndex]) if (random.float() < projectShare) roles.add(project.role);
    if (overPrivileged.has(user)) collectRoles(plan, roles, random);
    for (const role of [...roles].sort((a, b) => a - b)) rolesOfUser.push(role);
    rolesOfUser.endList();
  }
  return {
    attributes: [
      singleValued(
        'department',
        plan.departments.map(({ name }) => name),
        departmentOfUser,
      ),
      singleValued('title', titleNames, titleOfUser),
      singleValued(
        'location',
        plan.sites.map(({ name }) => name),
        siteOfUser,
      ),
      managers(departmentOfUser, plan.departments.length),
    ],
    departmentOfUser,
    rolesOfUser: rolesOfUser.build(),
    overPrivilegedUsers: Int32Array.from(overPrivileged).sort(),
  };
}

function chooseOverPrivileged(userCount: number, random: SeededRandom): Set<number> {
  const count = Math.min(userCount, Math.max(3, Math.round(userCount * overPrivilegedShare)));
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(random.below(userCount));
  return chosen;
}

/** What years of moving between departments leave behind when nobody takes anything away. */
function collectRoles(plan: OrganisationPlan, roles: Set<number>, random: SeededRandom): void {
  const stations = 4 + random.below(4);
  for (let station = 0; station < stations; station++) {
    const { roles: common, titles, dutyRoles } = plan.departments[random.below(plan.departments.length)];
    for (const role of [...common, ...titles[random.below(titles.length)].roles]) roles.add(role);
    if (dutyRoles.length > 0) roles.add(dutyRoles[random.below(dutyRoles.length)]);
  }
}

/** Maps a uniform number in [0, 1) to an index with the given weights, by binary search. */
function weightedPicker(weights: readonly number[]): (uniform: number) => number {
  const cumulative: number[] = [];
  let total = 0;
  for (const weight of weights) cumulative.push((total += weight));
  return (uniform) => {
    const target = uniform * total;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

function singleValued(name: string, values: readonly string[], valueOfUser: Int32Array): UserAttribute {
  const offsets = Int32Array.from({ length: valueOfUser.length + 1 }, (_, user) => user);
  return { name, values, valuesOfUser: { offsets, values: valueOfUser } };
}

/** A tree with ten reports each within every department; the heads of departments report to the first one. */
function managers(departmentOfUser: Int32Array, departmentCount: number): UserAttribute {
  const staff = Array.from({ length: departmentCount }, (): number[] => []);
  departmentOfUser.forEach((department, user) => staff[department].push(user));
  const rankOfUser = new Int32Array(departmentOfUser.length);
  for (const members of staff) members.forEach((user, rank) => (rankOfUser[user] = rank));

  const values: string[] = [];
  const numberOfManager = new Map<number, number>();
  const lists = new IntegerListBuilder(departmentOfUser.length);
  const head = departmentOfUser.length > 0 ? 0 : -1;
  for (let user = 0; user < departmentOfUser.length; user++) {
    const rank = rankOfUser[user];
    const manager = rank > 0 ? staff[departmentOfUser[user]][Math.floor((rank - 1) / reportsPerManager)] : head;
    if (manager !== user) {
      let number = numberOfManager.get(manager);
      if (number === undefined) {
        number = values.push(userId(manager)) - 1;
        numberOfManager.set(manager, number);
      }
      lists.push(number);
    }
    lists.endList();
  }
  return { name: 'manager', values, valuesOfUser: lists.build() };
}

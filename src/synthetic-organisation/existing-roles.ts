import { type ExistingRoles, type IntegerLists, type SeededRandom } from '../engine/index.js';
import { IntegerListBuilder, listAt } from './integer-list-builder.js';
import type { OrganisationPlan, PlannedRole } from './organisation-plan.js';

export interface NamedExistingRoles extends ExistingRoles {
  readonly names: readonly string[];
}

const introducedShare = 0.35;
const overlappingShare = 0.4;

/**
 * What the organisation has already made of its roles: a third of the planted ones, and beside many of those an older
 * variant with one entitlement more or less (Jaccard ≥ 75%) that half of the members were given. Members hold the whole
 * role in `rows`, so that expanding the roles adds no access.
 */
export function introduceRoles(
  plan: OrganisationPlan,
  membersOfPlantedRole: IntegerLists,
  rows: IntegerLists,
  random: SeededRandom,
): NamedExistingRoles {
  const names: string[] = [];
  const entitlements: (readonly number[])[] = [];
  const members = new IntegerListBuilder(0);
  const memberOffsets = [0];
  const common = plan.everybodyRoles.flatMap((role) => plan.roles[role].entitlements);
  const introduce = (name: string, role: readonly number[], planted: Int32Array, share: number): void => {
    names.push(name);
    entitlements.push(role);
    let count = memberOffsets[memberOffsets.length - 1];
    for (const user of planted) {
      if (share < 1 && random.float() >= share) continue;
      if (!holdsAll(listAt(rows, user), role)) continue;
      members.push(user);
      count++;
    }
    memberOffsets.push(count);
  };
  for (const [index, role] of plan.roles.entries()) {
    // The first role that can have a variant always has one: even a tiny organisation shows an overlap.
    const first = entitlements.length === 0 && role.entitlements.length >= 3;
    if (!first && random.float() >= introducedShare) continue;
    const planted = listAt(membersOfPlantedRole, index);
    introduce(role.name, role.entitlements, planted, 1);
    if (role.entitlements.length >= 3 && (first || random.float() < overlappingShare)) {
      introduce(`${role.name} (before reorganisation)`, variantOf(role, common, random), planted, 0.5);
    }
  }
  const lists = new IntegerListBuilder(entitlements.length);
  for (const role of entitlements) {
    for (const entitlement of role) lists.push(entitlement);
    lists.endList();
  }
  return {
    count: names.length,
    names,
    entitlements: lists.build(),
    members: { offsets: Int32Array.from(memberOffsets), values: members.build().values },
  };
}

function variantOf(role: PlannedRole, common: readonly number[], random: SeededRandom): readonly number[] {
  const extra = common[random.below(common.length)];
  if (role.entitlements.length >= 4 && (role.entitlements.includes(extra) || random.float() < 0.5)) {
    const left = random.below(role.entitlements.length);
    return role.entitlements.filter((_, position) => position !== left);
  }
  return [...new Set([...role.entitlements, extra])].sort((a, b) => a - b);
}

/** Both ascending. */
function holdsAll(row: Int32Array, role: readonly number[]): boolean {
  let at = 0;
  for (const entitlement of role) {
    while (at < row.length && row[at] < entitlement) at++;
    if (at === row.length || row[at] !== entitlement) return false;
  }
  return true;
}

import type { HeldAccess } from './held-access.js';

/**
 * Users with the same access taken together, and entitlements with the same users. Nothing is lost for a bound: given
 * values of whole groups, spread evenly over the pairs in them, a role with a part of a group is worth a share of it and
 * costs the same share, so among all roles the one that exceeds its cost most takes groups whole or not at all.
 */
export interface MergedAccess {
  /** By group of users, the groups of entitlements that they hold. */
  readonly rows: readonly ReadonlySet<number>[];
  /** Members of each group. */
  readonly userGroups: readonly (readonly number[])[];
  readonly entitlementGroups: readonly (readonly number[])[];
  /** By number; undefined for who holds nothing. */
  readonly groupOfUser: readonly (number | undefined)[];
  readonly groupOfEntitlement: readonly (number | undefined)[];
}

export function mergeEqual({ rows, entitlements }: HeldAccess): MergedAccess {
  const holders: number[][] = entitlements.map(() => []);
  rows.forEach((row, user) => row.forEach((entitlement) => holders[entitlement].push(user)));
  const { groups: entitlementGroups, groupOf: groupOfEntitlement } = groupEqual(holders);
  const { groups: userGroups, groupOf: groupOfUser } = groupEqual(rows.map((row) => [...row].sort((a, b) => a - b)));
  const mergedRows = userGroups.map(
    ([user]) => new Set(Array.from(rows[user], (entitlement) => groupOfEntitlement[entitlement] as number)),
  );
  return { rows: mergedRows, userGroups, entitlementGroups, groupOfUser, groupOfEntitlement };
}

/** Lists that are equal, by their full text; empty ones are in no group. */
function groupEqual(lists: readonly (readonly number[])[]): { groups: number[][]; groupOf: (number | undefined)[] } {
  const groups: number[][] = [];
  const byText = new Map<string, number>();
  const groupOf = lists.map((list, member) => {
    if (list.length === 0) return undefined;
    const text = list.join();
    const known = byText.get(text);
    if (known === undefined) {
      byText.set(text, groups.length);
      return groups.push([member]) - 1;
    }
    groups[known].push(member);
    return known;
  });
  return { groups, groupOf };
}

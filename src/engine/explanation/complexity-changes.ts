import type { MinedRole } from '../role-set/role-set.js';

/**
 * By role of a hierarchy: what it adds to the complexity of the others; negative where it makes them simpler. Without it,
 * whoever has it, a user or a senior, is given its juniors instead, and one by one what of its own nothing else gives. One pass
 * over the assignments of every role. Where no role inherits this is what `roleCoverage` counts.
 */
export function complexityChanges(
  roles: readonly Pick<MinedRole, 'entitlements' | 'ownEntitlements' | 'juniors' | 'users'>[],
): Int32Array {
  const changes = Int32Array.from(
    roles,
    ({ users, ownEntitlements, juniors }) => 1 + users.length + ownEntitlements.length + juniors.length,
  );
  /** Of whoever has exactly these roles, and these entitlements of its own beside them, as many times as there are. */
  const countHolder = (held: readonly number[], own: Iterable<number>): void => {
    const givers = new Map<number, number>();
    const give = (entitlement: number): unknown => givers.set(entitlement, (givers.get(entitlement) ?? 0) + 1);
    for (const role of held) roles[role].entitlements.forEach(give);
    for (const entitlement of own) give(entitlement);
    for (const role of held) {
      for (const entitlement of roles[role].ownEntitlements) if (givers.get(entitlement) === 1) changes[role]--;
      for (const junior of roles[role].juniors) if (!held.includes(junior)) changes[role]--;
    }
  };
  const rolesOfUser = new Map<number, number[]>();
  roles.forEach(({ users }, role) => {
    for (const user of users) {
      const held = rolesOfUser.get(user);
      if (held) held.push(role);
      else rolesOfUser.set(user, [role]);
    }
  });
  for (const held of rolesOfUser.values()) countHolder(held, []);
  for (const { juniors, ownEntitlements } of roles) {
    juniors.forEach((junior) => changes[junior]++);
    countHolder([...juniors], ownEntitlements);
  }
  return changes;
}

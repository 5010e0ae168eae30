import type { EntityManager } from 'typeorm';

/**
 * What users hold, directly or through roles, as a sub-select of `user_number, entitlement_number` without repetition; the
 * tenant is `$1`.
 *
 * @param users a sub-select of the user numbers that are asked for
 * @param entitlements one of entitlement numbers, when only these matter
 */
export function effectiveAccess(users: string, entitlements?: string): string {
  const only = entitlements === undefined ? '' : `AND held.entitlement_number IN (${entitlements})`;
  return `(SELECT held.user_number, held.entitlement_number FROM access_assignment held
    WHERE held.tenant_id = $1 AND held.user_number IN (${users}) ${only}
    UNION
    SELECT member.user_number, held.entitlement_number FROM access_role_member member
    JOIN access_role_entitlement held ON held.tenant_id = $1 AND held.role_id = member.role_id
    WHERE member.tenant_id = $1 AND member.user_number IN (${users}) ${only})`;
}

/** From here on reading the tenant's assignments once costs less than looking each user up. */
export const MANY_USERS = 1000;

/**
 * For the transaction. The planner takes a list of entitlements or users for one row and looks each up in the assignments,
 * which have no index by entitlement: 17 s instead of 8 s for a hundred of them and four million ways of access.
 */
export async function allowNestedLoops(manager: EntityManager, allowed: boolean): Promise<void> {
  await manager.query(`SELECT set_config('enable_nestloop', $1, true)`, [allowed ? 'on' : 'off']);
}

/** Those of the users who hold every one of the entitlements, ascending; an entitlement that has gone is held by nobody. */
export async function holdersOfAll(
  manager: EntityManager,
  tenantId: string,
  userIds: readonly string[],
  entitlementIds: readonly string[],
): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `WITH asked AS MATERIALIZED (SELECT id, number FROM access_user WHERE tenant_id = $1 AND id = ANY ($2::uuid[])),
     wanted AS MATERIALIZED (SELECT number FROM access_entitlement WHERE tenant_id = $1 AND id = ANY ($3::uuid[]))
     SELECT asked.id FROM asked
     JOIN ${effectiveAccess('SELECT number FROM asked')} AS access ON access.user_number = asked.number
     JOIN wanted ON wanted.number = access.entitlement_number
     GROUP BY asked.id HAVING count(*) = $4 ORDER BY asked.id`,
    [tenantId, userIds, entitlementIds, new Set(entitlementIds).size],
  );
  return rows.map(({ id }) => id);
}

/** To each user who holds anything, by number, a value that stands for all that the user holds. */
export type AccessFingerprints = ReadonlyMap<number, string>;

/**
 * The count and the sum of a 64-bit hash of what each of the users holds, so that neither the order nor the way in which
 * the access is held matters.
 */
export async function accessFingerprints(
  manager: EntityManager,
  tenantId: string,
  userIds: readonly string[],
): Promise<AccessFingerprints> {
  const rows = await manager.query<{ user_number: number; fingerprint: string }[]>(
    `WITH asked AS MATERIALIZED (SELECT number FROM access_user WHERE tenant_id = $1 AND id = ANY ($2::uuid[]))
     SELECT user_number, count(*) || ':' || sum(hashint8extended(entitlement_number, 0)) AS fingerprint
     FROM ${effectiveAccess('SELECT number FROM asked')} AS access GROUP BY user_number`,
    [tenantId, userIds],
  );
  return new Map(rows.map((row) => [row.user_number, row.fingerprint]));
}

/** How many users hold something else than before. */
export function countChangedUsers(before: AccessFingerprints, after: AccessFingerprints): number {
  const users = new Set([...before.keys(), ...after.keys()]);
  return [...users].filter((user) => before.get(user) !== after.get(user)).length;
}

import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { allowNestedLoops, effectiveAccess, MANY_USERS } from '../../access-graph/stores/effective-access.js';
import { ConflictError } from '../../common/errors/domain.error.js';
import type { AccessGain } from '../sod/sod-rules.js';

/** Two roles, of which the first would take over all that the second is. */
export interface RoleMerge {
  readonly roleId: string;
  readonly retiredRoleId: string;
}

/** What a merge changes. Nobody loses anything: the merged role has all that either had. */
export interface MergeImpact {
  readonly entitlementCount: number;
  readonly memberCount: number;
  readonly affectedUserCount: number;
  /** Pairs of a user and an entitlement that the user does not hold now, in any way. */
  readonly accessGainedTotal: number;
  /** The first thousand users, ascending, with what each gains. */
  readonly accessGained: readonly { readonly userId: string; readonly entitlementIds: string[] }[];
  /** Everything that anybody could gain, held already or not; for the rules. */
  readonly gains: readonly AccessGain[];
  /** The same as long as the roles and what their members hold are the same. */
  readonly hash: string;
}

/** Shown of the affected users, as of members elsewhere. */
const SHOWN_USERS = 1000;

/**
 * Members of either role with the entitlements of the other one that they do not hold in any way: `$2` the role that
 * stays, `$3` the one that is retired.
 */
const GAINED = `
  member AS MATERIALIZED (
    SELECT role_id, user_number FROM access_role_member WHERE tenant_id = $1 AND role_id IN ($2, $3)),
  part AS MATERIALIZED (
    SELECT role_id, entitlement_number FROM access_role_entitlement WHERE tenant_id = $1 AND role_id IN ($2, $3)),
  gained AS MATERIALIZED (
    SELECT member.user_number, part.entitlement_number FROM member JOIN part ON part.role_id <> member.role_id
    EXCEPT
    SELECT user_number, entitlement_number
    FROM ${effectiveAccess('SELECT user_number FROM member')} AS access)`;

interface RoleRow {
  readonly id: string;
  readonly entitlement_ids: string[];
  readonly member_ids: string[];
}
interface GainRow {
  readonly user_id: string;
  readonly entitlement_ids: string[];
}

/**
 * @throws ConflictError when one of the roles does not exist (any more)
 */
export async function impactOfMerge(
  manager: EntityManager,
  tenantId: string,
  { roleId, retiredRoleId }: RoleMerge,
): Promise<MergeImpact> {
  const values = [tenantId, roleId, retiredRoleId];
  const roles = await manager.query<RoleRow[]>(
    `SELECT role.id,
       ARRAY(SELECT entitlement.id FROM access_role_entitlement part
             JOIN access_entitlement entitlement ON entitlement.tenant_id = $1 AND entitlement.number = part.entitlement_number
             WHERE part.tenant_id = $1 AND part.role_id = role.id ORDER BY 1) AS entitlement_ids,
       ARRAY(SELECT holder.id FROM access_role_member member
             JOIN access_user holder ON holder.tenant_id = $1 AND holder.number = member.user_number
             WHERE member.tenant_id = $1 AND member.role_id = role.id ORDER BY 1) AS member_ids
     FROM access_role role WHERE tenant_id = $1 AND id IN ($2, $3)`,
    values,
  );
  const kept = roleOf(roles, roleId);
  const retired = roleOf(roles, retiredRoleId);
  const isLarge = kept.member_ids.length + retired.member_ids.length >= MANY_USERS;
  if (isLarge) await allowNestedLoops(manager, false);
  // The sum of a 64-bit hash of each pair: the same for the same pairs, in whatever order.
  const [total] = await manager.query<[{ users: number; pairs: number; sum: string }]>(
    `WITH ${GAINED}
     SELECT count(DISTINCT user_number)::integer AS users, count(*)::float8 AS pairs,
       coalesce(sum(hashint8extended(user_number::bigint << 32 | entitlement_number, 0)), 0)::text AS sum
     FROM gained`,
    values,
  );
  const shown = await manager.query<GainRow[]>(
    `WITH ${GAINED}
     SELECT holder.id AS user_id, array_agg(entitlement.id ORDER BY entitlement.id) AS entitlement_ids
     FROM gained
     JOIN access_user holder ON holder.tenant_id = $1 AND holder.number = gained.user_number
     JOIN access_entitlement entitlement ON entitlement.tenant_id = $1 AND entitlement.number = gained.entitlement_number
     GROUP BY holder.id ORDER BY holder.id LIMIT ${SHOWN_USERS}`,
    values,
  );
  if (isLarge) await allowNestedLoops(manager, true);
  return {
    entitlementCount: new Set([...kept.entitlement_ids, ...retired.entitlement_ids]).size,
    memberCount: new Set([...kept.member_ids, ...retired.member_ids]).size,
    affectedUserCount: total.users,
    accessGainedTotal: total.pairs,
    accessGained: shown.map((row) => ({ userId: row.user_id, entitlementIds: row.entitlement_ids })),
    gains: [
      { userIds: kept.member_ids, entitlementIds: retired.entitlement_ids },
      { userIds: retired.member_ids, entitlementIds: kept.entitlement_ids },
    ],
    hash: createHash('sha256')
      .update(JSON.stringify([kept, retired, total.pairs, total.sum]))
      .digest('hex'),
  };
}

function roleOf(roles: readonly RoleRow[], id: string): RoleRow {
  const role = roles.find((one) => one.id === id);
  if (!role) throw new ConflictError(`The access graph no longer has the role ${id}`);
  return role;
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AccessChange } from './access-change.js';
import { type AccessImpact, SHOWN_ASSIGNMENTS, SHOWN_USERS } from './access-impact.js';

/**
 * Of every pair (user, entitlement) that is gained or lost: the same for the same pairs, and other for others.
 *
 * It has to come out without listing the pairs (a role of 1,000 members and 100,000 entitlements has 10⁸), so it is a sum
 * over them of `a(user) · b(entitlement)` with pseudo-random 64-bit a and b: the sum over a user's entitlements is then
 * that over all, less that over those which the user keeps. Two different sets of pairs differ by a non-zero polynomial
 * of degree 2 in those numbers, which is 0 with a probability below 2⁻⁶² (Schwartz–Zippel).
 */
export type ImpactFingerprint = string;

export interface ComputedImpact {
  readonly impact: AccessImpact;
  readonly fingerprint: ImpactFingerprint;
}

/** The parameters of the statement are, in this order: the tenant, the role, what is granted and withdrawn, the users if no role. */
const MEMBERS_OF_ROLE = `
  SELECT holder.number, holder.id FROM access_role_member member
  JOIN access_user holder ON holder.tenant_id = $1 AND holder.number = member.user_number
  WHERE member.tenant_id = $1 AND member.role_id = $2::uuid`;

const NAMED_USERS = `SELECT number, id FROM access_user WHERE tenant_id = $1 AND id = ANY ($5::uuid[])`;

/** What changes for the users; `granted` tells the two directions apart. */
const CHANGED = `
  SELECT number, id, id = ANY ($3::uuid[]) AS granted, uuid_hash_extended(id, 1) AS weight
  FROM access_entitlement WHERE tenant_id = $1 AND id = ANY ($3::uuid[] || $4::uuid[])`;

/** What the users hold of it directly. */
const DIRECTLY = `
  SELECT held.user_number, held.entitlement_number
  FROM access_assignment held
  JOIN subject ON subject.number = held.user_number
  JOIN changed ON changed.number = held.entitlement_number
  WHERE held.tenant_id = $1`;

/** What they hold of it by roles other than the changed one. */
const BY_OTHER_ROLES = `
  SELECT member.user_number, held.entitlement_number
  FROM access_role_entitlement held
  JOIN changed ON changed.number = held.entitlement_number
  JOIN access_role_member member ON member.tenant_id = $1 AND member.role_id = held.role_id
  JOIN subject ON subject.number = member.user_number
  WHERE held.tenant_id = $1 AND held.role_id IS DISTINCT FROM $2::uuid`;

/** For the rest of the transaction: hashes of 100,000 users stay in memory, and nothing is compiled that runs for a second. */
const WORK_SETTINGS = `SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`;

/** How a change makes differences: counted by user and direction, and asked for one pair of a user and an entitlement. */
interface Difference {
  readonly ofUsers: string;
  readonly isOfPair: string;
}

/**
 * A role changes, or users are granted something: every pair of a concerned user and a changed entitlement is a
 * difference, but for those that the user holds in another way, before as after.
 */
const OF_EVERY_PAIR: Difference = {
  ofUsers: `
  kept AS MATERIALIZED (${DIRECTLY} UNION ${BY_OTHER_ROLES}),
  whole AS MATERIALIZED (SELECT granted, count(*) AS count, sum(weight) AS weight FROM changed GROUP BY granted),
  kept_of_user AS (
    SELECT kept.user_number, changed.granted, count(*) AS count, sum(changed.weight) AS weight
    FROM kept JOIN changed ON changed.number = kept.entitlement_number GROUP BY 1, 2),
  difference AS MATERIALIZED (
    SELECT subject.id, subject.number, whole.granted,
      whole.count - coalesce(kept_of_user.count, 0) AS count,
      whole.weight - coalesce(kept_of_user.weight, 0) AS weight
    FROM subject CROSS JOIN whole
    LEFT JOIN kept_of_user ON kept_of_user.user_number = subject.number AND kept_of_user.granted = whole.granted
    WHERE whole.count > coalesce(kept_of_user.count, 0))`,
  isOfPair: `NOT EXISTS (
    SELECT FROM kept WHERE kept.user_number = shown.number AND kept.entitlement_number = changed.number)`,
};

/** Direct assignments are withdrawn: those are lost that the user has no role for. */
const OF_DIRECT_ASSIGNMENTS: Difference = {
  ofUsers: `
  lost AS MATERIALIZED (
    SELECT user_number, entitlement_number FROM (${DIRECTLY}) AS direct
    WHERE NOT EXISTS (SELECT FROM (${BY_OTHER_ROLES}) AS by_role
      WHERE by_role.user_number = direct.user_number AND by_role.entitlement_number = direct.entitlement_number)),
  difference AS MATERIALIZED (
    SELECT subject.id, subject.number, false AS granted, of_user.count, of_user.weight
    FROM (
      SELECT lost.user_number, count(*) AS count, sum(changed.weight) AS weight
      FROM lost JOIN changed ON changed.number = lost.entitlement_number GROUP BY 1) AS of_user
    JOIN subject ON subject.number = of_user.user_number)`,
  isOfPair: `EXISTS (
    SELECT FROM lost WHERE lost.user_number = shown.number AND lost.entitlement_number = changed.number)`,
};

/** One statement, and so one state of the graph. `before` keeps users from being listed whose entitlements are not shown. */
const impactQuery = (subject: string, difference: Difference): string => `
  WITH direction (granted) AS (VALUES (true), (false)),
  subject AS MATERIALIZED (${subject}), changed AS MATERIALIZED (${CHANGED}), ${difference.ofUsers},
  first AS MATERIALIZED (
    SELECT first_of_direction.* FROM direction CROSS JOIN LATERAL (
      SELECT * FROM difference WHERE difference.granted = direction.granted
      ORDER BY id LIMIT ${SHOWN_USERS}) AS first_of_direction),
  shown AS MATERIALIZED (
    SELECT * FROM (
      SELECT *, sum(count) OVER (PARTITION BY granted ORDER BY id) - count AS before FROM first) AS in_order
    WHERE before < ${SHOWN_ASSIGNMENTS}),
  pair AS MATERIALIZED (
    SELECT * FROM (
      SELECT shown.granted, shown.id AS user_id, changed.id AS entitlement_id,
        row_number() OVER (PARTITION BY shown.granted ORDER BY shown.id, changed.id) AS place
      FROM shown JOIN changed ON changed.granted = shown.granted WHERE ${difference.isOfPair}) AS in_order
    WHERE place <= ${SHOWN_ASSIGNMENTS}),
  of_user AS MATERIALIZED (
    SELECT granted, user_id, array_agg(entitlement_id ORDER BY entitlement_id) AS entitlement_ids
    FROM pair GROUP BY granted, user_id),
  total AS (
    SELECT granted, count(*)::integer AS user_count, sum(count)::float8 AS assignment_count,
      sum(uuid_hash_extended(id, 2) * weight)::text AS fingerprint
    FROM difference GROUP BY granted)
  SELECT
    (SELECT count(DISTINCT number)::integer FROM difference) AS affected_user_count,
    ARRAY(SELECT DISTINCT id FROM first ORDER BY id LIMIT ${SHOWN_USERS}) AS affected_users,
    coalesce(total.user_count, 0) AS user_count,
    coalesce(total.assignment_count, 0) AS assignment_count,
    coalesce(total.fingerprint, '0') AS fingerprint,
    coalesce((
      SELECT json_agg(json_build_object('userId', user_id, 'entitlementIds', entitlement_ids) ORDER BY user_id)
      FROM of_user WHERE of_user.granted = direction.granted), '[]') AS users
  FROM direction LEFT JOIN total ON total.granted = direction.granted
  ORDER BY direction.granted DESC`;

interface ImpactRow {
  readonly affected_user_count: number;
  readonly affected_users: string[];
  readonly user_count: number;
  readonly assignment_count: number;
  readonly fingerprint: string;
  readonly users: { readonly userId: string; readonly entitlementIds: string[] }[];
}

/** Computes impacts in the database, on our tables, without writing anything. */
@Injectable()
export class AccessImpacts {
  /** Everybody whose access the change can touch. */
  async concernedUsers(manager: EntityManager, tenantId: string, change: AccessChange): Promise<readonly string[]> {
    if (change.roleId === null) return change.userIds;
    const rows = await manager.query<{ id: string }[]>(
      `SELECT holder.id FROM access_role_member member
       JOIN access_user holder ON holder.tenant_id = $1 AND holder.number = member.user_number
       WHERE member.tenant_id = $1 AND member.role_id = $2`,
      [tenantId, change.roleId],
    );
    return rows.map(({ id }) => id);
  }

  async computeImpact(manager: EntityManager, tenantId: string, change: AccessChange): Promise<ComputedImpact> {
    const isOfRole = change.roleId !== null;
    const withdrawsDirectly = !isOfRole && change.withdrawn.length > 0;
    await manager.query(WORK_SETTINGS);
    const [gained, lost] = await manager.query<[ImpactRow, ImpactRow]>(
      impactQuery(isOfRole ? MEMBERS_OF_ROLE : NAMED_USERS, withdrawsDirectly ? OF_DIRECT_ASSIGNMENTS : OF_EVERY_PAIR),
      [tenantId, change.roleId, change.granted, change.withdrawn, ...(isOfRole ? [] : [change.userIds])],
    );
    return {
      impact: {
        affectedUserCount: gained.affected_user_count,
        affectedUsers: gained.affected_users,
        gained: differenceOf(gained),
        lost: differenceOf(lost),
      },
      fingerprint: [gained, lost]
        .map(({ assignment_count, fingerprint }) => `${assignment_count}:${fingerprint}`)
        .join(' '),
    };
  }
}

function differenceOf(row: ImpactRow): AccessImpact['gained'] {
  return { userCount: row.user_count, assignmentCount: row.assignment_count, users: row.users };
}

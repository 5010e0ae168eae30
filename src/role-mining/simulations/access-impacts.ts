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

/** Parameters: tenant, role, users, granted, withdrawn. `changed.granted` tells the two directions apart. */
const CONCERNED = `
  subject AS MATERIALIZED (
    SELECT number, id FROM access_user WHERE tenant_id = $1 AND (
      id = ANY ($3::uuid[])
      OR number IN (SELECT user_number FROM access_role_member WHERE tenant_id = $1 AND role_id = $2::uuid))),
  changed AS MATERIALIZED (
    SELECT number, id, id = ANY ($4::uuid[]) AS granted, uuid_hash_extended(id, 1) AS weight
    FROM access_entitlement WHERE tenant_id = $1 AND id = ANY ($4::uuid[] || $5::uuid[]))`;

/** What the users hold by roles other than the changed one. */
const BY_OTHER_ROLES = `
  SELECT subject.number AS user_number, changed.number AS entitlement_number
  FROM changed
  JOIN access_role_entitlement held ON held.tenant_id = $1 AND held.entitlement_number = changed.number
  JOIN access_role_member member ON member.tenant_id = $1 AND member.role_id = held.role_id
  JOIN subject ON subject.number = member.user_number
  WHERE held.role_id IS DISTINCT FROM $2::uuid`;

const DIRECTLY = `
  SELECT held.user_number, held.entitlement_number
  FROM access_assignment held
  JOIN subject ON subject.number = held.user_number
  JOIN changed ON changed.number = held.entitlement_number
  WHERE held.tenant_id = $1`;

/**
 * A role changes, or users are granted something: every pair of a concerned user and a changed entitlement is a
 * difference, but for those that the user holds in another way, before as after.
 */
const OF_EVERY_PAIR = {
  pairs: `
  kept AS MATERIALIZED (${DIRECTLY} UNION ${BY_OTHER_ROLES}),
  whole AS (SELECT granted, count(*) AS count, sum(weight) AS weight FROM changed GROUP BY granted),
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
  isDifferent: `NOT EXISTS (
    SELECT FROM kept WHERE kept.user_number = shown.number AND kept.entitlement_number = changed.number)`,
};

/** Direct assignments are withdrawn: those are lost that the user has no role for. */
const OF_DIRECT_ASSIGNMENTS = {
  pairs: `
  withdrawn AS MATERIALIZED (${DIRECTLY} EXCEPT ${BY_OTHER_ROLES}),
  difference AS MATERIALIZED (
    SELECT subject.id, subject.number, false AS granted, count(*) AS count, sum(changed.weight) AS weight
    FROM withdrawn
    JOIN subject ON subject.number = withdrawn.user_number
    JOIN changed ON changed.number = withdrawn.entitlement_number
    GROUP BY 1, 2)`,
  isDifferent: `EXISTS (
    SELECT FROM withdrawn WHERE withdrawn.user_number = shown.number AND withdrawn.entitlement_number = changed.number)`,
};

/** One statement, and so one state of the graph. `before` keeps the users from being listed whose ids would not be shown. */
const impactQuery = ({ pairs, isDifferent }: typeof OF_EVERY_PAIR): string => `
  WITH ${CONCERNED}, ${pairs},
  affected AS MATERIALIZED (SELECT DISTINCT id FROM difference),
  shown AS MATERIALIZED (
    SELECT * FROM (
      SELECT id, number, granted,
        row_number() OVER in_order AS place, sum(count) OVER in_order - count AS before
      FROM difference WINDOW in_order AS (PARTITION BY granted ORDER BY id ROWS UNBOUNDED PRECEDING)) AS ordered
    WHERE place <= ${SHOWN_USERS} AND before < ${SHOWN_ASSIGNMENTS}),
  pair AS (
    SELECT * FROM (
      SELECT shown.granted, shown.id AS user_id, changed.id AS entitlement_id,
        row_number() OVER (PARTITION BY shown.granted ORDER BY shown.id, changed.id) AS place
      FROM shown JOIN changed ON changed.granted = shown.granted WHERE ${isDifferent}) AS ordered
    WHERE place <= ${SHOWN_ASSIGNMENTS}),
  of_user AS (
    SELECT granted, user_id, array_agg(entitlement_id ORDER BY entitlement_id) AS entitlement_ids
    FROM pair GROUP BY granted, user_id)
  SELECT
    (SELECT count(*)::integer FROM affected) AS affected_user_count,
    ARRAY(SELECT id FROM affected ORDER BY id LIMIT ${SHOWN_USERS}) AS affected_users,
    total.*
  FROM (
    SELECT direction.granted,
      count(difference.id)::integer AS user_count,
      coalesce(sum(difference.count), 0)::float8 AS assignment_count,
      coalesce(sum(uuid_hash_extended(difference.id, 2) * difference.weight), 0)::text AS fingerprint,
      coalesce((
        SELECT json_agg(json_build_object('userId', user_id, 'entitlementIds', entitlement_ids) ORDER BY user_id)
        FROM of_user WHERE of_user.granted = direction.granted), '[]') AS users
    FROM (VALUES (true), (false)) AS direction (granted)
    LEFT JOIN difference ON difference.granted = direction.granted
    GROUP BY direction.granted) AS total
  ORDER BY total.granted DESC`;

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
    const withdrawsDirectly = change.roleId === null && change.withdrawn.length > 0;
    const [gained, lost] = await manager.query<[ImpactRow, ImpactRow]>(
      impactQuery(withdrawsDirectly ? OF_DIRECT_ASSIGNMENTS : OF_EVERY_PAIR),
      [tenantId, change.roleId, change.userIds, change.granted, change.withdrawn],
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

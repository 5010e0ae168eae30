import type { EntityManager } from 'typeorm';

/** A member who used one of the role's entitlements within this is active (contract: results, "Role metrics"). */
const ACTIVE_DAYS = 90;
/** A trend compares with the latest calculation that is at least this much older. */
const TREND_DAYS = 7;
/** Smaller changes of utilisation are no trend. */
const TREND_CHANGE = 0.05;
/** Rates are doubles: 0.55 − 0.5 comes out above 0.05, and is no trend. */
const ROUNDING = 1e-9;

/** For the rest of the transaction: hashes of millions of assignments stay in memory where they can. */
const WORK_SETTINGS = `SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true)`;

/**
 * All asked roles at once: every table of the graph is read a fixed number of times, whatever the number of roles.
 *
 * What a person holds by roles is a string of bits, the OR of those of the roles; each entitlement that any role grants
 * has its place in it. As rows, distinct pairs of person and entitlement, it took 25 of 29 s of CPU time for 100,000
 * people in 10,000 roles (13 million pairs). $1 is the tenant, $2 the roles, null for all.
 */
const CALCULATE = `
  WITH asked AS MATERIALIZED (
    SELECT id AS role_id FROM access_role WHERE tenant_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2::uuid[]))),
  member AS MATERIALIZED (
    SELECT role_id, user_number FROM access_role_member JOIN asked USING (role_id) WHERE tenant_id = $1),
  granted AS MATERIALIZED (
    SELECT role_id, entitlement_number FROM access_role_entitlement JOIN asked USING (role_id) WHERE tenant_id = $1),
  place AS MATERIALIZED (
    SELECT entitlement_number, (row_number() OVER (ORDER BY entitlement_number) - 1)::integer AS bit
    FROM access_role_entitlement WHERE tenant_id = $1 GROUP BY entitlement_number),
  role_bits AS MATERIALIZED (
    SELECT held.role_id, bit_or(set_bit(none.bits, place.bit, 1)) AS bits
    FROM access_role_entitlement held JOIN place USING (entitlement_number)
    CROSS JOIN (SELECT repeat('0', count(*)::integer)::varbit AS bits FROM place) AS none
    WHERE held.tenant_id = $1 GROUP BY held.role_id),
  person AS MATERIALIZED (
    SELECT holder.user_number, bit_or(role_bits.bits) AS bits
    FROM access_role_member holder LEFT JOIN role_bits USING (role_id)
    WHERE holder.tenant_id = $1 AND holder.user_number IN (SELECT user_number FROM member)
    GROUP BY holder.user_number),
  direct AS (
    SELECT held.user_number, count(*) AS count
    FROM access_assignment held JOIN person USING (user_number) LEFT JOIN place USING (entitlement_number)
    WHERE held.tenant_id = $1 AND coalesce(get_bit(person.bits, place.bit), 0) = 0
    GROUP BY held.user_number),
  known AS (SELECT user_number FROM access_usage WHERE tenant_id = $1 GROUP BY user_number),
  person_total AS MATERIALIZED (
    SELECT person.user_number, known.user_number IS NOT NULL AS is_known,
      coalesce(bit_count(person.bits), 0) + coalesce(direct.count, 0) AS held_count
    FROM person
    LEFT JOIN direct ON direct.user_number = person.user_number
    LEFT JOIN known ON known.user_number = person.user_number),
  used AS MATERIALIZED (
    SELECT usage.user_number, usage.entitlement_number
    FROM access_usage usage JOIN person USING (user_number) JOIN place USING (entitlement_number)
    WHERE usage.tenant_id = $1 AND usage.last_used_at >= now() - interval '${ACTIVE_DAYS} days'
      AND get_bit(person.bits, place.bit) = 1),
  recent AS MATERIALIZED (
    SELECT member.role_id, used.user_number, used.entitlement_number
    FROM used JOIN member USING (user_number)
    JOIN granted ON granted.role_id = member.role_id AND granted.entitlement_number = used.entitlement_number),
  active AS (SELECT role_id, count(DISTINCT user_number)::integer AS count FROM recent GROUP BY role_id),
  used_entitlement AS (
    SELECT role_id, entitlement_number, count(*)::integer AS count FROM recent GROUP BY role_id, entitlement_number),
  people AS (
    SELECT role_id, count(*)::integer AS count, count(*) FILTER (WHERE NOT is_known)::integer AS unknown_count,
      sum(held_count)::float8 AS held_count
    FROM member JOIN person_total USING (user_number) GROUP BY role_id),
  usage_of_role AS (
    SELECT granted.role_id, count(*)::integer AS entitlement_count,
      jsonb_agg(jsonb_build_object(
        'entitlementId', entitlement.id,
        'usedByCount', coalesce(used_entitlement.count, 0),
        'totalUsers', coalesce(people.count, 0)) ORDER BY entitlement.id) AS entitlement_usage
    FROM granted
    JOIN access_entitlement entitlement ON entitlement.tenant_id = $1 AND entitlement.number = granted.entitlement_number
    LEFT JOIN used_entitlement ON used_entitlement.role_id = granted.role_id
      AND used_entitlement.entitlement_number = granted.entitlement_number
    LEFT JOIN people ON people.role_id = granted.role_id
    GROUP BY granted.role_id),
  calculated AS MATERIALIZED (
    SELECT asked.role_id,
      coalesce(people.count, 0) AS user_count,
      coalesce(people.unknown_count, 0) AS unknown_user_count,
      coalesce(active.count, 0) + coalesce(people.unknown_count, 0) AS active_user_count,
      coalesce((coalesce(active.count, 0) + people.unknown_count)::float8 / people.count, 0) AS utilization_rate,
      coalesce(usage_of_role.entitlement_count * people.count::float8 / nullif(people.held_count, 0), 0) AS coverage_rate,
      coalesce(usage_of_role.entitlement_usage, '[]') AS entitlement_usage
    FROM asked
    LEFT JOIN people USING (role_id) LEFT JOIN active USING (role_id) LEFT JOIN usage_of_role USING (role_id)),
  written AS (
    INSERT INTO role_mining_role_metric (tenant_id, role_id, utilization_rate, coverage_rate, user_count,
      active_user_count, unknown_user_count, entitlement_usage, trend_direction, calculated_at)
    SELECT $1::uuid, role_id, utilization_rate, coverage_rate, user_count, active_user_count, unknown_user_count,
      entitlement_usage,
      CASE WHEN utilization_rate - earlier.rate > ${TREND_CHANGE + ROUNDING} THEN 'up'
           WHEN earlier.rate - utilization_rate > ${TREND_CHANGE + ROUNDING} THEN 'down' ELSE 'stable' END,
      now()
    FROM calculated LEFT JOIN LATERAL (
      SELECT history.utilization_rate AS rate FROM role_mining_role_metric_history history
      WHERE history.tenant_id = $1 AND history.role_id = calculated.role_id
        AND history.calculated_at <= now() - interval '${TREND_DAYS} days'
      ORDER BY history.calculated_at DESC LIMIT 1) AS earlier ON true
    ORDER BY role_id
    ON CONFLICT (tenant_id, role_id) DO UPDATE SET id = gen_random_uuid(),
      utilization_rate = EXCLUDED.utilization_rate, coverage_rate = EXCLUDED.coverage_rate,
      user_count = EXCLUDED.user_count, active_user_count = EXCLUDED.active_user_count,
      unknown_user_count = EXCLUDED.unknown_user_count, entitlement_usage = EXCLUDED.entitlement_usage,
      trend_direction = EXCLUDED.trend_direction, calculated_at = EXCLUDED.calculated_at),
  kept AS (
    INSERT INTO role_mining_role_metric_history (tenant_id, role_id, calculated_at, utilization_rate, coverage_rate,
      user_count, active_user_count, unknown_user_count)
    SELECT $1::uuid, role_id, now(), utilization_rate, coverage_rate, user_count, active_user_count, unknown_user_count
    FROM calculated ORDER BY role_id ON CONFLICT DO NOTHING)
  SELECT count(*)::integer AS count, now()::timestamptz(3) AS calculated_at FROM calculated`;

export interface MetricsCalculation {
  readonly rolesCalculated: number;
  readonly calculatedAt: Date;
}

/**
 * Calculates and stores the metrics of roles, in one statement.
 *
 * @param roleIds null for all roles of the tenant
 */
export async function calculateMetrics(
  manager: EntityManager,
  tenantId: string,
  roleIds: readonly string[] | null,
): Promise<MetricsCalculation> {
  await manager.query(WORK_SETTINGS);
  const [{ count, calculated_at }] = await manager.query<[{ count: number; calculated_at: Date }]>(CALCULATE, [
    tenantId,
    roleIds,
  ]);
  return { rolesCalculated: count, calculatedAt: calculated_at };
}

import type { ClientBase } from 'pg';
import { stableUuid } from '../../src/common/stable-uuid.js';

/** How many rows the lists of a tenant have. */
export interface ListSizes {
  readonly jobs: number;
  /** Results of each kind of the job that is looked at. */
  readonly resultsOfJob: number;
  /** Results of each kind of the tenant's other jobs, a thousand each. */
  readonly otherResults: number;
  /** The candidates of other jobs, of which there are the most. */
  readonly otherCandidates: number;
  /** Events, simulations, metrics, users, entitlements, roles. */
  readonly others: number;
}

/** The job whose results are looked at: the tenant's newest. */
export const jobOf = (tenant: string): string => stableUuid(tenant, 'role', 'job 1');

const JOB = `md5($1 || 'job ' || n)::uuid`;
const PER_JOB = 1_000;

/**
 * Fills every table that a list reads, with plain rows and by plain SQL. The login has to be a superuser's: row-level security
 * and foreign keys are left aside, which makes it quick.
 */
export async function fillLists(client: ClientBase, tenant: string, sizes: ListSizes): Promise<void> {
  const insert = (sql: string, ...values: unknown[]): Promise<unknown> => client.query(sql, [tenant, ...values]);
  await client.query(`SET search_path = role_mining; SET session_replication_role = replica`);
  await insert(
    `INSERT INTO role_mining_job (tenant_id, id, name, parameters, created_by, created_at, status, progress_percent,
       started_at, completed_at, candidate_count, excessive_privilege_count, consolidation_suggestion_count)
     SELECT $1::uuid, CASE n WHEN 1 THEN $3::uuid ELSE ${JOB} END, 'Job ' || n, '{}', $1::uuid,
       now() - n * interval '1 minute', done.status, CASE done.status WHEN 'completed' THEN 100 ELSE 0 END,
       done.at, done.at, results.count, results.count, results.count
     FROM generate_series(1, $2::integer) AS n,
       LATERAL (SELECT CASE WHEN n % 20 = 19 THEN 'pending' ELSE 'completed' END AS status,
         CASE WHEN n % 20 = 19 THEN NULL ELSE now() END AS at) AS done,
       LATERAL (SELECT CASE n WHEN 1 THEN $4::integer ELSE 0 END AS count) AS results`.replaceAll(
      '$1 ||',
      '$1::text ||',
    ),
    sizes.jobs,
    jobOf(tenant),
    sizes.resultsOfJob,
  );
  for (const { table, columns, values } of RESULTS) {
    const others = table === 'role_mining_candidate' ? sizes.otherCandidates : sizes.otherResults;
    await insert(
      `INSERT INTO ${table} (tenant_id, job_id, created_at, ${columns})
       SELECT $1::uuid, CASE WHEN m <= $2::integer THEN $4::uuid
           ELSE md5($1::text || 'job ' || 2 + (m - $2::integer) / ${PER_JOB})::uuid END, now(), ${values}
       FROM generate_series(1, $2::integer + $3::integer) AS m`,
      sizes.resultsOfJob,
      others,
      jobOf(tenant),
    );
  }
  for (const { table, columns, values } of OTHERS) {
    await insert(
      `INSERT INTO ${table} (tenant_id, ${columns}) SELECT $1::uuid, ${values} FROM generate_series(1, $2::integer) AS m`,
      sizes.others,
    );
  }
  await client.query('SET session_replication_role = origin');
}

/** What autovacuum does sooner or later. */
export async function vacuumLists(client: ClientBase): Promise<void> {
  const tables = ['role_mining_job', ...[...RESULTS, ...OTHERS].map(({ table }) => table)];
  await client.query(`VACUUM ANALYZE ${tables.join(', ')}`);
}

/** Spread without chance: the same rows every time. */
const SHARE = '(m::bigint * 7919 % 10007) / 10007.0';
const UUIDS = 'ARRAY[md5(m::text)::uuid, md5((m + 1)::text)::uuid, md5((m + 2)::text)::uuid]';

interface Filling {
  readonly table: string;
  readonly columns: string;
  readonly values: string;
}

const RESULTS: readonly Filling[] = [
  {
    table: 'role_mining_candidate',
    columns: `proposed_name, confidence_score, member_count, assigned_member_count, entitlement_ids, member_ids,
      assigned_member_ids, explanation, promotion_status, dismissed_reason`,
    values: `'Role ' || m, ${SHARE}, 3 + m * 31 % 997, 3, ${UUIDS}, ${UUIDS}, ${UUIDS}, '{"assignmentsCovered": 9,
      "newAssignmentsCovered": 9, "complexityChange": -3, "nearMisses": [], "usersLackingTwo": 0,
      "attributeRule": null}', CASE WHEN m % 20 = 7 THEN 'dismissed' ELSE 'pending' END, NULL`,
  },
  {
    table: 'role_mining_pattern',
    columns: 'entitlement_ids, frequency, exact_user_count, sample_user_ids',
    values: `${UUIDS}, 3 + m * 31 % 997, 3, ${UUIDS}`,
  },
  {
    table: 'role_mining_excessive_privilege',
    columns: `user_id, deviation_percent, excess_entitlements, peer_average, peer_median, peer_percentile, user_count,
      status`,
    values: `md5(m::text)::uuid, 100 * ${SHARE}, ${UUIDS}, 4, 4, 99, 20,
      CASE WHEN m % 20 = 7 THEN 'accepted' ELSE 'pending' END`,
  },
  {
    table: 'role_mining_consolidation_suggestion',
    columns: `role_a_id, role_b_id, overlap_percent, containment_percent, member_overlap_percent, shared_entitlements,
      unique_to_a, unique_to_b, status`,
    values: `md5('a' || m)::uuid, md5('b' || m)::uuid, 100 * ${SHARE}, 80, 10, ${UUIDS}, ${UUIDS}, ${UUIDS},
      CASE WHEN m % 20 = 7 THEN 'dismissed' ELSE 'pending' END`,
  },
  {
    table: 'role_mining_suspected_grant',
    columns: 'kind, user_id, entitlement_id, score',
    values: `CASE WHEN m % 20 = 7 THEN 'extra' ELSE 'missing' END, md5(m::text)::uuid, md5('e' || m % 500)::uuid, ${SHARE}`,
  },
];

const OTHERS: readonly Filling[] = [
  {
    table: 'audit_event',
    columns: `sequence, id, created_at, actor_kind, actor_id, action, object_type, object_id, previous_hash, hash`,
    values: `m, gen_random_uuid(), now() + (m - $2::integer) * interval '1 minute', 'user', md5('u' || m % 50)::uuid, 'job.create',
      'job', md5('o' || m)::uuid, decode(md5(m::text), 'hex'), decode(md5(m::text), 'hex')`,
  },
  {
    table: 'role_mining_simulation',
    columns: 'name, scenario_type, changes, status, created_by, created_at',
    values: `'Simulation ' || m, CASE WHEN m % 20 = 7 THEN 'remove_role' ELSE 'add_role' END, '{"changeType": null, "roleId": null, "entitlementId": null, "entitlementIds": [], "roleName": "A", "roleDescription": null}',
      CASE WHEN m % 20 = 7 THEN 'cancelled' ELSE 'draft' END, $1::uuid, now() - m * interval '1 minute'`,
  },
  {
    table: 'access_user',
    columns: 'id, number, external_id, attributes',
    values: `md5(m::text)::uuid, m, 'user ' || lpad(m::text, 9, '0'), '{"department": "Sales"}'`,
  },
  {
    table: 'access_entitlement',
    columns: 'id, number, external_id, name, application',
    values: `md5(m::text)::uuid, m, 'entitlement ' || m, 'Entitlement ' || lpad((m::bigint * 7919 % 1000003)::text, 9, '0'),
      'Application ' || m % 20`,
  },
  {
    table: 'access_role',
    columns: 'id, external_id, name, source',
    values: `md5(m::text)::uuid, 'role ' || m, 'Role ' || lpad((m::bigint * 7919 % 1000003)::text, 9, '0'), 'import'`,
  },
  {
    table: 'role_mining_role_metric',
    columns: `role_id, utilization_rate, coverage_rate, user_count, active_user_count, unknown_user_count,
      entitlement_usage, trend_direction, calculated_at`,
    values: `md5(m::text)::uuid, ${SHARE}, 1, 10, 5, 0, '[]', CASE WHEN m % 20 = 7 THEN 'up' ELSE 'stable' END, now()`,
  },
  {
    table: 'access_import',
    columns: 'mode, dry_run, max_removed_percent, parts, status, progress_percent, counts, created_at, completed_at',
    values: `'replace', false, 20, '{users}', 'completed', 100, '{}', now() - m * interval '1 minute', now()`,
  },
];

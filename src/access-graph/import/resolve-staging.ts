import type { ImportOptions, ImportParts } from './import-parts.js';
import type { ImportSession } from './import-session.js';

/**
 * What the imported part of the graph is to be afterwards, in the integers of our tables. Users and entitlements are all
 * that will exist; assignments and the rows of roles are those of the files, each pair once.
 */
const TARGET_TABLES = `
  CREATE TEMP TABLE target_user (
    number integer, id uuid, external_id text COLLATE "C", attributes jsonb, is_new boolean);
  CREATE TEMP TABLE target_entitlement (
    number integer, id uuid, external_id text COLLATE "C", name text COLLATE "C", application text, description text,
    is_new boolean);
  CREATE TEMP TABLE target_assignment (
    user_number integer, entitlement_number integer, last_used_at timestamptz(3));
  CREATE TEMP TABLE target_role (
    id uuid, external_id text COLLATE "C", name text COLLATE "C", line integer);
  CREATE TEMP TABLE target_role_entitlement (role_id uuid, entitlement_number integer);
  CREATE TEMP TABLE target_role_member (role_id uuid, user_number integer)`;

/**
 * Makes the target tables of the staging tables. Only imports make and remove users and entitlements, and the session
 * has the tenant's import lock: the numbers that are given out here are still free when they are written.
 *
 * @returns repeated rows that count once
 */
export async function resolveStaging(
  session: ImportSession,
  parts: ImportParts,
  { mode }: ImportOptions,
): Promise<number> {
  await session.query(TARGET_TABLES);
  const replaces = (part: keyof ImportParts): boolean => mode === 'replace' && parts[part] !== undefined;
  const staged = await countStaged(session);
  await resolveUsers(session, replaces('users'));
  await resolveEntitlements(session, replaces('entitlements'));
  const assignments = await resolveAssignments(session);
  const roleRows = parts.roles === undefined ? 0 : await resolveRoles(session, replaces('roles'));
  return staged.users + staged.entitlements + staged.assignments - assignments + staged.role_rows - roleRows;
}

/** Repetitions of users and entitlements, all rows of assignments and of roles that name a pair. */
async function countStaged(
  session: ImportSession,
): Promise<{ users: number; entitlements: number; assignments: number; role_rows: number }> {
  const { rows } = await session.query<{
    users: number;
    entitlements: number;
    assignments: number;
    role_rows: number;
  }>(`SELECT
      (SELECT (count(*) - count(DISTINCT external_id))::float8 FROM staged_user) AS users,
      (SELECT (count(*) - count(DISTINCT external_id))::float8 FROM staged_entitlement) AS entitlements,
      (SELECT count(*)::float8 FROM staged_assignment) AS assignments,
      (SELECT (count(entitlement_id) + count(user_id))::float8 FROM staged_role) AS role_rows`);
  return rows[0];
}

/** Listed users, those named only in assignments and, unless the listed ones replace them, those that exist. */
async function resolveUsers(session: ImportSession, replace: boolean): Promise<void> {
  await session.query(
    `INSERT INTO target_user (number, id, external_id, attributes, is_new)
     WITH listed AS (
       SELECT DISTINCT ON (external_id) external_id, attributes FROM staged_user ORDER BY external_id, line
     ), named AS (
       SELECT user_id AS external_id FROM staged_assignment
       UNION
       SELECT external_id FROM access_user WHERE tenant_id = $1 AND NOT $2::boolean
     ), wanted AS (
       SELECT external_id, attributes FROM listed
       UNION ALL
       SELECT external_id, '{}' FROM named WHERE NOT EXISTS (SELECT FROM listed WHERE listed.external_id = named.external_id)
     )
     SELECT ${numberOrNext('next_user_number')}, ${idOrStable('user')}, wanted.external_id,
       CASE WHEN $2::boolean OR existing.id IS NULL THEN wanted.attributes ELSE existing.attributes || wanted.attributes END,
       existing.id IS NULL
     FROM wanted LEFT JOIN access_user existing
       ON existing.tenant_id = $1 AND existing.external_id = wanted.external_id`,
    [session.tenantId, replace],
  );
  await session.query('ANALYZE target_user');
}

async function resolveEntitlements(session: ImportSession, replace: boolean): Promise<void> {
  await session.query(
    `INSERT INTO target_entitlement (number, id, external_id, name, application, description, is_new)
     WITH listed AS (
       SELECT DISTINCT ON (external_id) external_id, name, application, description
       FROM staged_entitlement ORDER BY external_id, line
     ), named AS (
       SELECT entitlement_id AS external_id FROM staged_assignment
       UNION
       SELECT external_id FROM access_entitlement WHERE tenant_id = $1 AND NOT $2::boolean
     ), wanted AS (
       SELECT external_id, name, application, description FROM listed
       UNION ALL
       SELECT external_id, NULL, NULL, NULL FROM named
       WHERE NOT EXISTS (SELECT FROM listed WHERE listed.external_id = named.external_id)
     )
     SELECT ${numberOrNext('next_entitlement_number')}, ${idOrStable('entitlement')}, wanted.external_id,
       coalesce(wanted.name, CASE WHEN NOT $2::boolean THEN existing.name END, wanted.external_id),
       coalesce(wanted.application, CASE WHEN NOT $2::boolean THEN existing.application END),
       coalesce(wanted.description, CASE WHEN NOT $2::boolean THEN existing.description END),
       existing.id IS NULL
     FROM wanted LEFT JOIN access_entitlement existing
       ON existing.tenant_id = $1 AND existing.external_id = wanted.external_id`,
    [session.tenantId, replace],
  );
  await session.query('ANALYZE target_entitlement');
}

/** Sorted as the table is indexed: loading it that way costs a third less. */
async function resolveAssignments(session: ImportSession): Promise<number> {
  const { rowCount } = await session.query(
    `INSERT INTO target_assignment (user_number, entitlement_number, last_used_at)
     SELECT holder.number, entitlement.number, max(last_used_at)
     FROM staged_assignment
     JOIN target_user holder ON holder.external_id = user_id
     JOIN target_entitlement entitlement ON entitlement.external_id = entitlement_id
     GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  await session.query('DROP TABLE staged_assignment');
  await session.query('ANALYZE target_assignment');
  return rowCount ?? 0;
}

async function resolveRoles(session: ImportSession, replace: boolean): Promise<number> {
  await session.query(
    `INSERT INTO target_role (id, external_id, name, line)
     WITH listed AS (
       SELECT external_id, (array_agg(name ORDER BY line) FILTER (WHERE name IS NOT NULL))[1] AS name, min(line) AS line
       FROM staged_role GROUP BY external_id
     ), wanted AS (
       SELECT external_id, name, line FROM listed
       UNION ALL
       SELECT external_id, name, NULL FROM access_role
       WHERE tenant_id = $1 AND source = 'import' AND NOT $2::boolean
         AND NOT EXISTS (SELECT FROM listed WHERE listed.external_id = access_role.external_id)
     )
     SELECT ${idOrStable('role')}, wanted.external_id,
       coalesce(wanted.name, CASE WHEN NOT $2::boolean THEN existing.name END, wanted.external_id),
       wanted.line
     FROM wanted LEFT JOIN access_role existing
       ON existing.tenant_id = $1 AND existing.external_id = wanted.external_id AND existing.source = 'import'`,
    [session.tenantId, replace],
  );
  await session.query('ANALYZE target_role');
  const entitlements = await session.query(
    `INSERT INTO target_role_entitlement (role_id, entitlement_number)
     SELECT DISTINCT role.id, entitlement.number FROM staged_role
     JOIN target_role role ON role.external_id = staged_role.external_id
     JOIN target_entitlement entitlement ON entitlement.external_id = staged_role.entitlement_id`,
  );
  const members = await session.query(
    `INSERT INTO target_role_member (role_id, user_number)
     SELECT DISTINCT role.id, member.number FROM staged_role
     JOIN target_role role ON role.external_id = staged_role.external_id
     JOIN target_user member ON member.external_id = staged_role.user_id`,
  );
  await session.query('ANALYZE target_role_entitlement');
  await session.query('ANALYZE target_role_member');
  return (entitlements.rowCount ?? 0) + (members.rowCount ?? 0);
}

/** The number that it has, or the next free one; new ones are numbered in the order of their external ids. */
function numberOrNext(counter: 'next_user_number' | 'next_entitlement_number'): string {
  return `coalesce(existing.number, coalesce((SELECT ${counter} FROM access_graph WHERE tenant_id = $1), 0)
    + (row_number() OVER (PARTITION BY existing.id IS NULL ORDER BY wanted.external_id))::integer - 1)`;
}

const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** The id that it has, the external id itself when that is a UUID, or else what `stableUuid` makes of it (a test compares them). */
function idOrStable(kind: 'user' | 'entitlement' | 'role'): string {
  const digest = `sha256(convert_to($1::uuid::text, 'UTF8') || '\\x00'::bytea || convert_to('${kind}', 'UTF8')
    || '\\x00'::bytea || convert_to(wanted.external_id, 'UTF8'))`;
  return `coalesce(existing.id, CASE WHEN wanted.external_id ~ '${UUID_PATTERN}' THEN wanted.external_id::uuid ELSE
    (SELECT encode(set_byte(set_byte(substr(digest, 1, 16), 6, get_byte(digest, 6) & 15 | 128),
                            8, get_byte(digest, 8) & 63 | 128), 'hex')::uuid
     FROM ${digest} AS digest) END)`;
}

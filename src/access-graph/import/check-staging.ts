import type { AccessFilePart } from '../../access-files/access-file.js';
import type { ImportFaults } from './import-faults.js';
import type { ImportParts } from './import-parts.js';
import type { ImportSession } from './import-session.js';

/**
 * What cannot be seen in a single row: rows that contradict each other, references to nothing, names and ids that are
 * taken. Set-based, after `resolveStaging`.
 */
export async function checkStaging(session: ImportSession, parts: ImportParts, faults: ImportFaults): Promise<void> {
  const check = checker(session, parts, faults);
  await check('users', contradictions('staged_user', 'attributes'), ({ subject, other }) => {
    return `user ${shown(subject)} has other attributes on line ${other}`;
  });
  await check('entitlements', contradictions('staged_entitlement', '(name, application, description)'), (found) => {
    return `entitlement ${shown(found.subject)} is described otherwise on line ${found.other}`;
  });
  await check('roles', contradictions('staged_role', 'name', 'WHERE name IS NOT NULL'), ({ subject, other }) => {
    return `role ${shown(subject)} has another name on line ${other}`;
  });
  await check('roles', UNKNOWN_ENTITLEMENTS, ({ subject }) => {
    return `entitlement ${shown(subject)} is neither in the files nor in the graph`;
  });
  await check(
    'roles',
    UNKNOWN_USERS,
    ({ subject }) => `user ${shown(subject)} is neither in the files nor in the graph`,
  );
  await checkRoleNames(session, parts, faults);
  await check('roles', TAKEN_ROLE_IDS, ({ subject }) => `role ${shown(subject)} was not imported and is not touched`);
  for (const [table, part, what] of IDENTITIES) {
    await check(parts[part] === undefined ? 'assignments' : part, sharedIds(table), ({ subject, other }) => {
      return `${what} ${shown(subject)} would have the same id as ${shown(other)}`;
    });
  }
}

/**
 * Also once the graph is locked: candidates, simulations and merges make roles at any time before.
 */
export async function checkRoleNames(session: ImportSession, parts: ImportParts, faults: ImportFaults): Promise<void> {
  await checker(session, parts, faults)('roles', TAKEN_NAMES, ({ subject, other }) => {
    return `the role name ${shown(subject)} is taken by role ${other}`;
  });
}

type Check = (part: AccessFilePart, sql: string, messageOf: (found: Finding) => string) => Promise<void>;

function checker(session: ImportSession, parts: ImportParts, faults: ImportFaults): Check {
  return async (part, sql, messageOf) => {
    const file = parts[part]?.name;
    if (file === undefined) return;
    const values = sql.includes('$1') ? [session.tenantId] : [];
    const { rows } = await session.query<Finding & { total: number }>(
      `SELECT line, subject, other, count(*) OVER ()::float8 AS total FROM (${sql}) AS found ORDER BY line LIMIT ${faults.wanted ?? 'ALL'}`,
      values,
    );
    for (const found of rows) faults.add(file, found.line, messageOf(found));
    if (rows.length > 0) faults.addUnlisted(rows[0].total - rows.length);
  };
}

interface Finding {
  readonly line: number | null;
  readonly subject: string;
  readonly other: string;
}

/** Later rows of the same external id that say something else than the first. */
function contradictions(table: string, value: string, where = ''): string {
  return `SELECT line, external_id AS subject, first_line::text AS other
    FROM (SELECT line, external_id, ${value} AS value, first_value(${value}) OVER same AS first,
            first_value(line) OVER same AS first_line
          FROM ${table} ${where} WINDOW same AS (PARTITION BY external_id ORDER BY line)) AS seen
    WHERE value IS DISTINCT FROM first`;
}

const UNKNOWN_ENTITLEMENTS = `
  SELECT line, entitlement_id AS subject, '' AS other FROM staged_role
  WHERE entitlement_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM target_entitlement WHERE external_id = staged_role.entitlement_id)`;

const UNKNOWN_USERS = `
  SELECT line, user_id AS subject, '' AS other FROM staged_role
  WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT FROM target_user WHERE external_id = staged_role.user_id)`;

/** By another role of the import, or by one that a candidate, a simulation or a merge has made. */
const TAKEN_NAMES = `
  SELECT line, name AS subject, first_role AS other
  FROM (SELECT line, name, external_id, first_value(external_id) OVER same AS first_role
        FROM target_role WINDOW same AS (PARTITION BY name ORDER BY line NULLS FIRST, external_id)) AS named
  WHERE external_id <> first_role
  UNION ALL
  SELECT line, role.name, other.id::text FROM target_role role
  JOIN access_role other ON other.tenant_id = $1 AND other.name = role.name AND other.source <> 'import'`;

const TAKEN_ROLE_IDS = `
  SELECT line, role.external_id AS subject, '' AS other FROM target_role role
  JOIN access_role other ON other.tenant_id = $1 AND other.id = role.id AND other.source <> 'import'`;

const IDENTITIES: readonly (readonly [table: string, part: AccessFilePart, what: string])[] = [
  ['target_user', 'users', 'user'],
  ['target_entitlement', 'entitlements', 'entitlement'],
  ['target_role', 'roles', 'role'],
];

/** An external id that is a UUID may be the very one that was made of another external id. */
function sharedIds(table: string): string {
  return `SELECT NULL::integer AS line, max(external_id) AS subject, min(external_id) AS other
    FROM ${table} GROUP BY id HAVING count(*) > 1`;
}

function shown(externalId: string): string {
  return JSON.stringify(externalId);
}

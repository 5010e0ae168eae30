import pg from 'pg';
import { DatabaseSetupError } from './database-setup.error.js';
import { SCHEMA, withoutPassword, type Login } from './connection.js';
import { JOB_QUEUE_SCHEMA } from './job-queues.js';

/** What the application may do with a table other than read and write its rows. */
const RIGHTS_OF_TABLES: Readonly<Record<string, string>> = {
  [`${SCHEMA}.schema_migration`]: 'SELECT',
  // Written by audit_append alone, with its owner's rights: see the migration.
  [`${SCHEMA}.audit_event`]: 'SELECT',
  [`${SCHEMA}.audit_head`]: 'SELECT',
};
/** Its partitions are reached through it, never by their own names. */
const PARTITIONED_TABLE = `${SCHEMA}.audit_event`;
const ALL_ROWS = 'SELECT, INSERT, UPDATE, DELETE';

/**
 * Makes the application's login if it is missing: it can log in, and nothing else.
 *
 * @returns whether it was made
 * @throws DatabaseSetupError when the owner may not create logins
 */
export async function createApplicationLogin(owner: pg.ClientBase, login: Login): Promise<boolean> {
  const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [login.name]);
  if (rowCount !== 0) return false;
  const create = `CREATE ROLE ${pg.escapeIdentifier(login.name)} LOGIN PASSWORD`;
  if (login.password === '') {
    throw new DatabaseSetupError(`The login "${login.name}" does not exist and DATABASE_URL gives no password for it`);
  }
  try {
    await owner.query(`${create} ${pg.escapeLiteral(login.password)}`);
  } catch (error) {
    if (hasState(error, '42501')) {
      throw new DatabaseSetupError(
        `The login "${login.name}" does not exist and the owner may not create it. As a superuser: ${create} '…'`,
      );
    }
    // Another process was faster; roles are shared by all databases of a server.
    if (hasState(error, '42710') || hasState(error, '23505')) return false;
    throw error;
  }
  return true;
}

/** Lets the application read and write rows in our schemas, tables made later included, and change no structure. */
export async function grantRights(owner: pg.ClientBase, loginName: string): Promise<void> {
  const login = pg.escapeIdentifier(loginName);
  const { rows } = await owner.query<{ database: string }>('SELECT current_database() AS database');
  const database = pg.escapeIdentifier(rows[0].database);
  const { rows: partitions } = await owner.query<{ name: string }>(
    `SELECT format('%I.%I', nspname, relname) AS name FROM pg_inherits
     JOIN pg_class ON pg_class.oid = inhrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE inhparent = to_regclass($1)`,
    [PARTITIONED_TABLE],
  );
  const statements = [
    // TEMPORARY for the staging tables of imports.
    `GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${login}`,
    ...[SCHEMA, JOB_QUEUE_SCHEMA].flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${schema} TO ${login}`,
      `GRANT ${ALL_ROWS} ON ALL TABLES IN SCHEMA ${schema} TO ${login}`,
      `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${login}`,
      `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${login}`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT ${ALL_ROWS} ON TABLES TO ${login}`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE, SELECT ON SEQUENCES TO ${login}`,
    ]),
    ...Object.entries(RIGHTS_OF_TABLES).flatMap(([table, rights]) => [
      `REVOKE ${ALL_ROWS} ON ${table} FROM ${login}`,
      `GRANT ${rights} ON ${table} TO ${login}`,
    ]),
    ...partitions.map(({ name }) => `REVOKE ${ALL_ROWS} ON ${name} FROM ${login}`),
  ];
  await owner.query(`BEGIN; ${statements.join('; ')}; COMMIT`);
}

/**
 * Refuses a login for which row-level security would not hold, or which could change the schema.
 *
 * @throws DatabaseSetupError with the command that sets up a right one
 */
export async function requireApplicationLogin(client: pg.ClientBase, url: string): Promise<void> {
  const { rows } = await client.query<{ login: string; superuser: boolean; bypass: boolean; owner: boolean }>(
    `SELECT current_user AS login, rolsuper AS superuser, rolbypassrls AS bypass,
       pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')
       OR EXISTS (SELECT FROM pg_namespace WHERE nspname = ANY ($1) AND pg_has_role(current_user, nspowner, 'USAGE'))
       OR EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                  WHERE nspname = ANY ($1) AND pg_has_role(current_user, relowner, 'USAGE')) AS owner
     FROM pg_roles WHERE rolname = current_user`,
    [[SCHEMA, JOB_QUEUE_SCHEMA]],
  );
  const { login, superuser, bypass, owner } = rows[0];
  const fault = superuser
    ? 'is a superuser'
    : bypass
      ? 'bypasses row-level security (BYPASSRLS)'
      : owner
        ? 'owns the database or its tables'
        : null;
  if (fault === null) return;
  const applicationUrl = new URL(withoutPassword(url));
  applicationUrl.username = 'role_mining_app';
  applicationUrl.password = 'PASSWORD';
  throw new DatabaseSetupError(
    `DATABASE_URL: read the login "${login}", which ${fault} (tenants would not be kept apart), expected a login of ` +
      `the application's own; set one up with DATABASE_OWNER_URL=${withoutPassword(url)} ` +
      `DATABASE_URL=${applicationUrl.toString()} npx role-mining migrate`,
  );
}

function hasState(error: unknown, state: string): boolean {
  return error instanceof pg.DatabaseError && error.code === state;
}

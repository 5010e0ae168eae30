import type { ClientBase } from 'pg';
import { SCHEMA } from '../../../src/database/connection.js';

/** Tables with a tenant in every row; partitions count with their parent. */
export async function tenantTables(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND attname = 'tenant_id'
     WHERE nspname = $1 AND relkind IN ('r', 'p') AND NOT relispartition AND relrowsecurity ORDER BY 1`,
    [SCHEMA],
  );
  return rows.map(({ name }) => name);
}

/** The columns of a table that a statement may write: none that the server makes of others. */
export async function writtenColumns(client: ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}

export interface ForeignKey {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  /** Its columns beside the tenant's, of the child and of the parent. */
  readonly column: string;
  readonly parentColumn: string;
}

export async function tenantForeignKeys(client: ClientBase): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT conname AS name, conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
            a.attname AS column, b.attname AS "parentColumn"
     FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace, unnest(conkey, confkey) AS key (ours, theirs)
     JOIN pg_attribute a ON a.attnum = ours JOIN pg_attribute b ON b.attnum = theirs
     WHERE nspname = $1 AND contype = 'f' AND a.attrelid = conrelid AND b.attrelid = confrelid
       AND a.attname <> 'tenant_id' ORDER BY 1`,
    [SCHEMA],
  );
  return rows;
}

/** Begins a transaction in the tenant, does the work, and undoes it. */
export async function inTenant<T>(client: ClientBase, tenant: string, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query(`SELECT set_config('app.current_tenant', $1, true)`, [tenant]);
    return await work();
  } finally {
    await client.query('ROLLBACK');
  }
}

/** SQLSTATE with which the server refuses a statement; null when it does not. */
export async function refusalOf(client: ClientBase, sql: string, values: unknown[] = []): Promise<string | null> {
  await client.query('SAVEPOINT attempt');
  try {
    await client.query(sql, values);
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT attempt');
  }
}

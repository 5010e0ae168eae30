import type { ClientBase } from 'pg';

/** Tables that hold no tenant's data, each with the reason. */
export const TABLES_WITHOUT_TENANT: Readonly<Record<string, string>> = {
  'role_mining.schema_migration': 'which migrations were applied',
  'role_mining.role_mining_running_job': 'ids of running jobs of all tenants, for workers to find lost ones',
  ...Object.fromEntries(
    // Partitions of these count with them.
    [
      'bam',
      'instance',
      'job',
      'job_dependency',
      'queue',
      'queue_stats',
      'schedule',
      'subscription',
      'version',
      'warning',
    ].map((table) => [`pgboss.${table}`, 'the job queue: ids of tenants and jobs, read by workers of all tenants']),
  ),
};

/**
 * Everything in the schemas that could show one tenant another's rows: a sentence for each table that is not named
 * above and is not behind row-level security, for its owner too, by policies that compare with the current tenant
 * both what is read and what is written.
 */
export async function findUnprotectedTables(client: ClientBase, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{
    table: string;
    parent: string | null;
    kind: string;
    enabled: boolean;
    forced: boolean;
    policies: { name: string; command: string; permissive: boolean; using: string | null; check: string | null }[];
  }>(
    `SELECT format('%s.%s', nspname, relname) AS table, relkind AS kind,
            relrowsecurity AS enabled, relforcerowsecurity AS forced,
            (SELECT format('%s.%s', pn.nspname, p.relname) FROM pg_inherits JOIN pg_class p ON p.oid = inhparent
             JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE inhrelid = c.oid) AS parent,
            COALESCE((SELECT json_agg(json_build_object(
                'name', polname, 'command', polcmd, 'permissive', polpermissive,
                'using', pg_get_expr(polqual, polrelid), 'check', pg_get_expr(polwithcheck, polrelid)))
              FROM pg_policy WHERE polrelid = c.oid), '[]') AS policies
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname = ANY ($1) AND relkind IN ('r', 'p', 'm', 'f')
     ORDER BY 1`,
    [schemas],
  );
  const isNamed = (table: string | null): boolean => table !== null && table in TABLES_WITHOUT_TENANT;
  return rows
    .filter(({ table, parent }) => !isNamed(table) && !isNamed(parent))
    .flatMap(({ table, kind, enabled, forced, policies }) => {
      if (kind !== 'r' && kind !== 'p') return [`${table} cannot have row-level security`];
      if (!enabled) return [`${table} has no row-level security`];
      if (!forced) return [`${table} lets its owner around row-level security`];
      if (!policies.some(({ command, permissive }) => command === '*' && permissive)) {
        return [`${table} has no policy for all commands`];
      }
      return policies
        .filter(({ using, check }) => !comparesTenant(using) || !comparesTenant(check))
        .map(
          ({ name }) => `${table} has the policy ${name}, which does not compare the tenant in USING and WITH CHECK`,
        );
    });
}

function comparesTenant(expression: string | null): boolean {
  return expression !== null && /^\(tenant_id = .*NULLIF\(current_setting\('app\.current_tenant'/s.test(expression);
}

/** Foreign keys are checked around row-level security: one without the tenant could point at another tenant's row. */
export async function findForeignKeysWithoutTenant(client: ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace
     WHERE nspname = $1 AND contype = 'f' AND NOT EXISTS (
       SELECT FROM unnest(conkey, confkey) AS key (ours, theirs)
       JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = ours AND a.attname = 'tenant_id'
       JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = theirs AND b.attname = 'tenant_id')`,
    [schema],
  );
  return rows.map(({ name }) => name);
}

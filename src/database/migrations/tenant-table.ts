import type { QueryRunner } from 'typeorm';

/**
 * The tenant of the running transaction, null when none was set. After a transaction that used `set_config(…, true)`
 * the setting is the empty string, and `''::uuid` raises: hence NULLIF. The sub-select makes it an InitPlan,
 * evaluated once a query instead of once a row.
 */
export const CURRENT_TENANT = `(SELECT NULLIF(current_setting('app.current_tenant', true), '')::uuid)`;

/**
 * Puts a table behind row-level security, for its owner too: rows of another tenant are neither seen nor written,
 * and without a tenant nothing is.
 */
export async function isolateTenants(queryRunner: QueryRunner, table: string): Promise<void> {
  await queryRunner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await queryRunner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
  await queryRunner.query(
    `CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = ${CURRENT_TENANT}) WITH CHECK (tenant_id = ${CURRENT_TENANT})`,
  );
}

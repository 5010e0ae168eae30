import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

const TABLES = ['role_mining_role_metric', 'role_mining_role_metric_history'];

/**
 * How roles are used: the latest of each, which is what is read, and every calculation that there was, which trends
 * compare with. The history leaves out the usage of each entitlement, which is most of a calculation's size.
 *
 * No foreign key to the role: one that an import removes and a later one brings back has its old id, and goes on where its
 * history ended. The metrics of a role that does not exist are not shown.
 */
export class RoleMetrics1764000000008 implements MigrationInterface {
  name = 'RoleMetrics1764000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE role_mining_role_metric (
        tenant_id uuid NOT NULL,
        role_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        utilization_rate double precision NOT NULL,
        coverage_rate double precision NOT NULL,
        user_count integer NOT NULL,
        active_user_count integer NOT NULL,
        unknown_user_count integer NOT NULL,
        entitlement_usage jsonb NOT NULL,
        trend_direction text NOT NULL,
        calculated_at timestamptz(3) NOT NULL,
        CONSTRAINT role_mining_role_metric_pk PRIMARY KEY (tenant_id, role_id),
        CONSTRAINT role_mining_role_metric_utilization_ck CHECK (utilization_rate BETWEEN 0 AND 1),
        CONSTRAINT role_mining_role_metric_coverage_ck CHECK (coverage_rate BETWEEN 0 AND 1),
        CONSTRAINT role_mining_role_metric_trend_ck CHECK (trend_direction IN ('up', 'stable', 'down'))
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_role_metric_least_used_ix ON role_mining_role_metric (tenant_id, utilization_rate, id)`,
    );
    await queryRunner.query(`
      CREATE TABLE role_mining_role_metric_history (
        tenant_id uuid NOT NULL,
        role_id uuid NOT NULL,
        calculated_at timestamptz(3) NOT NULL,
        utilization_rate double precision NOT NULL,
        coverage_rate double precision NOT NULL,
        user_count integer NOT NULL,
        active_user_count integer NOT NULL,
        unknown_user_count integer NOT NULL,
        CONSTRAINT role_mining_role_metric_history_pk PRIMARY KEY (tenant_id, role_id, calculated_at)
      )`);
    for (const table of TABLES) await isolateTenants(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

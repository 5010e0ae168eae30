import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/**
 * Changes of the role model that are tried before they are made. What a simulation names are UUIDs without foreign keys:
 * it stays readable when a role, a user or an entitlement goes.
 *
 * Of an impact the table holds the totals, the part that is shown, and a fingerprint of all of it
 * (see `AccessImpacts`): a change of one role can concern a hundred million pairs of user and entitlement.
 */
export class Simulations1764000000007 implements MigrationInterface {
  name = 'Simulations1764000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE role_mining_simulation (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text NOT NULL,
        scenario_type text NOT NULL,
        target_role_id uuid,
        changes jsonb NOT NULL,
        user_ids uuid[],
        status text NOT NULL DEFAULT 'draft',
        impact jsonb,
        impact_fingerprint text,
        created_role_id uuid,
        applied_by uuid,
        applied_at timestamptz(3),
        created_by uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT role_mining_simulation_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT role_mining_simulation_scenario_ck
          CHECK (scenario_type IN ('add_entitlement', 'remove_entitlement', 'add_role', 'remove_role', 'modify_role')),
        CONSTRAINT role_mining_simulation_status_ck CHECK (status IN ('draft', 'executed', 'applied', 'cancelled')),
        CONSTRAINT role_mining_simulation_impact_ck CHECK ((impact IS NULL) = (impact_fingerprint IS NULL)),
        CONSTRAINT role_mining_simulation_executed_ck
          CHECK (status = 'cancelled' OR (status = 'draft') = (impact IS NULL)),
        CONSTRAINT role_mining_simulation_applied_ck CHECK ((status = 'applied') = (applied_at IS NOT NULL)),
        CONSTRAINT role_mining_simulation_applied_by_ck CHECK ((applied_by IS NULL) = (applied_at IS NULL)),
        CONSTRAINT role_mining_simulation_created_role_ck CHECK (created_role_id IS NULL OR status = 'applied')
      )`);
    // Uncompressed, so that the first users are read without the rest.
    await queryRunner.query(`ALTER TABLE role_mining_simulation ALTER COLUMN user_ids SET STORAGE EXTERNAL`);
    await queryRunner.query(
      `CREATE INDEX role_mining_simulation_newest_ix ON role_mining_simulation (tenant_id, created_at DESC, id DESC)`,
    );
    await isolateTenants(queryRunner, 'role_mining_simulation');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE role_mining_simulation');
  }
}

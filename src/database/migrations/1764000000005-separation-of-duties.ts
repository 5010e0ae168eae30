import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/**
 * Rules about what nobody may hold together: at least one entitlement of side `a` and at least one of side `b`. They
 * name entitlements by UUID, not by the graph's numbers, and without a foreign key: an entitlement that an import removes
 * and a later one brings back has its old UUID, and the rule holds for it again.
 */
export class SeparationOfDuties1764000000005 implements MigrationInterface {
  name = 'SeparationOfDuties1764000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE role_mining_sod_rule (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text COLLATE "C" NOT NULL,
        description text,
        created_by uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT role_mining_sod_rule_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT role_mining_sod_rule_name_uq UNIQUE (tenant_id, name)
      )`);
    await queryRunner.query(`
      CREATE TABLE role_mining_sod_rule_entitlement (
        tenant_id uuid NOT NULL,
        rule_id uuid NOT NULL,
        side text NOT NULL,
        entitlement_id uuid NOT NULL,
        CONSTRAINT role_mining_sod_rule_entitlement_pk PRIMARY KEY (tenant_id, rule_id, entitlement_id),
        CONSTRAINT role_mining_sod_rule_entitlement_rule_fk FOREIGN KEY (tenant_id, rule_id)
          REFERENCES role_mining_sod_rule (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT role_mining_sod_rule_entitlement_side_ck CHECK (side IN ('a', 'b'))
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_sod_rule_entitlement_id_ix
         ON role_mining_sod_rule_entitlement (tenant_id, entitlement_id)`,
    );
    await isolateTenants(queryRunner, 'role_mining_sod_rule');
    await isolateTenants(queryRunner, 'role_mining_sod_rule_entitlement');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE role_mining_sod_rule_entitlement');
    await queryRunner.query('DROP TABLE role_mining_sod_rule');
  }
}

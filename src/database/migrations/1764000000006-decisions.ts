import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/**
 * What was decided last about a set of entitlements that was proposed as a role. Kept by the set, not by the candidate: a
 * later run that proposes the same again finds it, also when the job has been deleted.
 */
export class Decisions1764000000006 implements MigrationInterface {
  name = 'Decisions1764000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE role_mining_decision (
        tenant_id uuid NOT NULL,
        entitlement_set_hash text NOT NULL,
        decision text NOT NULL,
        reason text,
        role_id uuid,
        candidate_id uuid NOT NULL,
        job_id uuid NOT NULL,
        decided_by uuid NOT NULL,
        decided_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT role_mining_decision_pk PRIMARY KEY (tenant_id, entitlement_set_hash),
        CONSTRAINT role_mining_decision_decision_ck CHECK (decision IN ('promoted', 'dismissed')),
        CONSTRAINT role_mining_decision_role_ck CHECK ((decision = 'promoted') = (role_id IS NOT NULL))
      )`);
    await isolateTenants(queryRunner, 'role_mining_decision');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE role_mining_decision');
  }
}

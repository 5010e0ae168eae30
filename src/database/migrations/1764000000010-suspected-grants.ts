import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/** Grants that a job suspects to be missing or too many: a list for review, which nothing ever applies. */
export class SuspectedGrants1764000000010 implements MigrationInterface {
  name = 'SuspectedGrants1764000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE role_mining_suspected_grant (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        job_id uuid NOT NULL,
        kind text NOT NULL,
        user_id uuid NOT NULL,
        entitlement_id uuid NOT NULL,
        score double precision NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT role_mining_suspected_grant_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT role_mining_suspected_grant_job_fk FOREIGN KEY (tenant_id, job_id)
          REFERENCES role_mining_job (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT role_mining_suspected_grant_kind_ck CHECK (kind IN ('missing', 'extra'))
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_suspected_grant_surest_ix
         ON role_mining_suspected_grant (tenant_id, job_id, score DESC, id)`,
    );
    await isolateTenants(queryRunner, 'role_mining_suspected_grant');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE role_mining_suspected_grant');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

const TABLES = [
  'role_mining_job',
  'role_mining_candidate',
  'role_mining_pattern',
  'role_mining_excessive_privilege',
  'role_mining_consolidation_suggestion',
];

/** What every result has: its own key and its job, which takes it along when it is deleted. */
const childOfJob = (table: string): string => `
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  job_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT ${table}_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT ${table}_job_fk FOREIGN KEY (tenant_id, job_id) REFERENCES role_mining_job (tenant_id, id) ON DELETE CASCADE`;

/**
 * Mining jobs and their results. Results hold UUIDs, not the graph's integers: they stay as they were found when a user
 * or an entitlement goes. Statuses are text with a CHECK: comparing an enum is not leakproof, and an index on one
 * is not used under row-level security (116 ms instead of 0.56 ms). The indexes are the contract's list orders.
 *
 * `role_mining_running_job` repeats the ids of running jobs, of all tenants and outside of row-level security (ids are all
 * it holds): workers serve every tenant and have to find jobs that the queue has lost.
 */
export class RoleMining1764000000002 implements MigrationInterface {
  name = 'RoleMining1764000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE role_mining_job (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        parameters jsonb NOT NULL,
        progress_percent integer NOT NULL DEFAULT 0,
        candidate_count integer NOT NULL DEFAULT 0,
        excessive_privilege_count integer NOT NULL DEFAULT 0,
        consolidation_suggestion_count integer NOT NULL DEFAULT 0,
        summary jsonb,
        error_message text,
        started_at timestamptz(3),
        completed_at timestamptz(3),
        claim_id uuid,
        created_by uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT role_mining_job_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT role_mining_job_status_ck CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
        CONSTRAINT role_mining_job_progress_ck CHECK (progress_percent BETWEEN 0 AND 100),
        CONSTRAINT role_mining_job_complete_ck CHECK ((status = 'completed') = (progress_percent = 100)),
        CONSTRAINT role_mining_job_started_ck CHECK ((status = 'pending') = (started_at IS NULL)),
        CONSTRAINT role_mining_job_ended_ck CHECK ((status IN ('pending', 'running')) = (completed_at IS NULL)),
        CONSTRAINT role_mining_job_error_ck CHECK ((status = 'failed') = (error_message IS NOT NULL))
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_job_newest_ix ON role_mining_job (tenant_id, created_at DESC, id DESC)`,
    );
    await queryRunner.query(
      `CREATE INDEX role_mining_job_status_ix ON role_mining_job (tenant_id, status, created_at DESC, id DESC)`,
    );
    await queryRunner.query(`
      CREATE TABLE role_mining_candidate (${childOfJob('role_mining_candidate')},
        proposed_name text NOT NULL,
        confidence_score double precision NOT NULL,
        member_count integer NOT NULL,
        assigned_member_count integer NOT NULL,
        existing_role_id uuid,
        entitlement_ids uuid[] NOT NULL,
        member_ids uuid[] NOT NULL,
        assigned_member_ids uuid[] NOT NULL,
        explanation jsonb NOT NULL,
        promotion_status text NOT NULL DEFAULT 'pending',
        promoted_role_id uuid,
        dismissed_reason text,
        CONSTRAINT role_mining_candidate_name_uq UNIQUE (tenant_id, job_id, proposed_name),
        CONSTRAINT role_mining_candidate_confidence_ck CHECK (confidence_score BETWEEN 0 AND 1),
        CONSTRAINT role_mining_candidate_status_ck CHECK (promotion_status IN ('pending', 'promoted', 'dismissed')),
        CONSTRAINT role_mining_candidate_promoted_ck CHECK ((promotion_status = 'promoted') = (promoted_role_id IS NOT NULL))
      )`);
    // Uncompressed, so that a page of a large membership reads only its own part of the array.
    await queryRunner.query(`ALTER TABLE role_mining_candidate ALTER COLUMN member_ids SET STORAGE EXTERNAL`);
    await queryRunner.query(
      `CREATE INDEX role_mining_candidate_best_ix
         ON role_mining_candidate (tenant_id, job_id, confidence_score DESC, member_count DESC, id)`,
    );
    await queryRunner.query(`
      CREATE TABLE role_mining_pattern (${childOfJob('role_mining_pattern')},
        entitlement_ids uuid[] NOT NULL,
        frequency integer NOT NULL,
        exact_user_count integer NOT NULL,
        sample_user_ids uuid[] NOT NULL,
        area bigint NOT NULL GENERATED ALWAYS AS (frequency::bigint * cardinality(entitlement_ids)) STORED
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_pattern_largest_ix ON role_mining_pattern (tenant_id, job_id, area DESC, id)`,
    );
    await queryRunner.query(`
      CREATE TABLE role_mining_excessive_privilege (${childOfJob('role_mining_excessive_privilege')},
        user_id uuid NOT NULL,
        peer_group_id uuid,
        peer_group_value text,
        deviation_percent double precision NOT NULL,
        excess_entitlements uuid[] NOT NULL,
        peer_average double precision NOT NULL,
        peer_median double precision NOT NULL,
        peer_percentile double precision NOT NULL,
        user_count integer NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        notes text,
        reviewed_by uuid,
        reviewed_at timestamptz(3),
        CONSTRAINT role_mining_excessive_privilege_status_ck
          CHECK (status IN ('pending', 'reviewed', 'remediated', 'accepted'))
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_excessive_privilege_worst_ix
         ON role_mining_excessive_privilege (tenant_id, job_id, deviation_percent DESC, id)`,
    );
    await queryRunner.query(`
      CREATE TABLE role_mining_consolidation_suggestion (${childOfJob('role_mining_consolidation_suggestion')},
        role_a_id uuid NOT NULL,
        role_b_id uuid NOT NULL,
        overlap_percent double precision NOT NULL,
        containment_percent double precision NOT NULL,
        member_overlap_percent double precision NOT NULL,
        shared_entitlements uuid[] NOT NULL,
        unique_to_a uuid[] NOT NULL,
        unique_to_b uuid[] NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        dismissed_reason text,
        CONSTRAINT role_mining_consolidation_suggestion_pair_uq UNIQUE (tenant_id, job_id, role_a_id, role_b_id),
        CONSTRAINT role_mining_consolidation_suggestion_status_ck CHECK (status IN ('pending', 'merged', 'dismissed'))
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_consolidation_suggestion_strongest_ix
         ON role_mining_consolidation_suggestion (tenant_id, job_id, overlap_percent DESC, id)`,
    );
    for (const table of TABLES) await isolateTenants(queryRunner, table);
    await queryRunner.query(`
      CREATE TABLE role_mining_running_job (
        tenant_id uuid NOT NULL,
        job_id uuid NOT NULL,
        CONSTRAINT role_mining_running_job_pk PRIMARY KEY (job_id, tenant_id)
      )`);
    await queryRunner.query(`
      CREATE FUNCTION role_mining_keep_running_job() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP <> 'DELETE' AND NEW.status = 'running' THEN
          INSERT INTO role_mining_running_job VALUES (NEW.tenant_id, NEW.id) ON CONFLICT DO NOTHING;
        ELSE
          DELETE FROM role_mining_running_job WHERE job_id = OLD.id AND tenant_id = OLD.tenant_id;
        END IF;
        RETURN NULL;
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER role_mining_job_running AFTER UPDATE OF status OR DELETE ON role_mining_job
        FOR EACH ROW EXECUTE FUNCTION role_mining_keep_running_job()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE role_mining_running_job');
    for (const table of [...TABLES].reverse()) await queryRunner.query(`DROP TABLE ${table}`);
    await queryRunner.query('DROP FUNCTION role_mining_keep_running_job');
  }
}

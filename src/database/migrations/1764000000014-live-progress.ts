import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/**
 * What followers of a job need. Every change of its row that is more than a later `updated_at` makes the next revision and is
 * notified, by triggers: nobody who writes to the row can forget it. A notification carries the job's id and
 * nothing else, since every login that may connect hears it.
 *
 * `role_mining_event_ticket` holds the hashes of one-use tickets, for seconds.
 */
export class LiveProgress1764000000014 implements MigrationInterface {
  name = 'LiveProgress1764000000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE role_mining_job
        ADD COLUMN revision integer NOT NULL DEFAULT 1,
        ADD COLUMN phase text,
        ADD COLUMN best_role_count integer,
        ADD COLUMN best_complexity integer,
        ADD CONSTRAINT role_mining_job_best_ck CHECK ((best_role_count IS NULL) = (best_complexity IS NULL))`);
    await queryRunner.query(`
      CREATE FUNCTION role_mining_count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.revision := OLD.revision;
        OLD.updated_at := NEW.updated_at;
        IF NEW IS DISTINCT FROM OLD THEN
          NEW.revision := OLD.revision + 1;
        END IF;
        RETURN NEW;
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER role_mining_job_revision BEFORE UPDATE ON role_mining_job
        FOR EACH ROW EXECUTE FUNCTION role_mining_count_revision()`);
    await queryRunner.query(`
      CREATE FUNCTION role_mining_notify_job() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('role_mining_job', OLD.id::text);
        RETURN NULL;
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER role_mining_job_changed AFTER UPDATE ON role_mining_job
        FOR EACH ROW WHEN (NEW.revision <> OLD.revision) EXECUTE FUNCTION role_mining_notify_job()`);
    await queryRunner.query(`
      CREATE TRIGGER role_mining_job_deleted AFTER DELETE ON role_mining_job
        FOR EACH ROW EXECUTE FUNCTION role_mining_notify_job()`);
    await queryRunner.query(`
      CREATE TABLE role_mining_event_ticket (
        tenant_id uuid NOT NULL,
        hash bytea NOT NULL,
        job_id uuid NOT NULL,
        user_id uuid NOT NULL,
        roles text[] NOT NULL,
        token_expires_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT role_mining_event_ticket_pk PRIMARY KEY (tenant_id, hash),
        CONSTRAINT role_mining_event_ticket_job_fk FOREIGN KEY (tenant_id, job_id)
          REFERENCES role_mining_job (tenant_id, id) ON DELETE CASCADE
      )`);
    await queryRunner.query(
      `CREATE INDEX role_mining_event_ticket_job_ix ON role_mining_event_ticket (tenant_id, job_id)`,
    );
    await isolateTenants(queryRunner, 'role_mining_event_ticket');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE role_mining_event_ticket');
    for (const trigger of ['role_mining_job_deleted', 'role_mining_job_changed', 'role_mining_job_revision']) {
      await queryRunner.query(`DROP TRIGGER ${trigger} ON role_mining_job`);
    }
    await queryRunner.query('DROP FUNCTION role_mining_notify_job, role_mining_count_revision');
    await queryRunner.query(`
      ALTER TABLE role_mining_job DROP COLUMN revision, DROP COLUMN phase,
        DROP COLUMN best_role_count, DROP COLUMN best_complexity`);
  }
}

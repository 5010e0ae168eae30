import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/** First answers to calls with an Idempotency-Key, kept for 24 hours. */
export class Idempotency1764000000003 implements MigrationInterface {
  name = 'Idempotency1764000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE idempotent_answer (
        tenant_id uuid NOT NULL,
        key text NOT NULL,
        fingerprint text NOT NULL,
        status integer,
        body json,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT idempotent_answer_pk PRIMARY KEY (tenant_id, key)
      )`);
    await queryRunner.query(`CREATE INDEX idempotent_answer_age_ix ON idempotent_answer (tenant_id, created_at)`);
    await isolateTenants(queryRunner, 'idempotent_answer');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE idempotent_answer');
  }
}

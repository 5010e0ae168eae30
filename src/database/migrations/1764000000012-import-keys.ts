import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The Idempotency-Key that an import was started with, and what tells a repetition from another import. */
export class ImportKeys1764000000012 implements MigrationInterface {
  name = 'ImportKeys1764000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE access_import
        ADD COLUMN idempotency_key text,
        ADD COLUMN fingerprint text,
        ADD CONSTRAINT access_import_fingerprint_ck CHECK ((idempotency_key IS NULL) = (fingerprint IS NULL))`);
    await queryRunner.query(
      `CREATE INDEX access_import_key_ix ON access_import (tenant_id, idempotency_key, created_at DESC)
       WHERE idempotency_key IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE access_import DROP COLUMN idempotency_key, DROP COLUMN fingerprint');
  }
}

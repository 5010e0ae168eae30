import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/**
 * Who wants to be told of what, and what was told: a delivery is written in the transaction of its event. Its payload is kept
 * as the text that is signed. For a day after a change the previous secret signs as well.
 */
export class Webhooks1764000000015 implements MigrationInterface {
  name = 'Webhooks1764000000015';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE webhook (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        url text NOT NULL,
        event_types text[] NOT NULL,
        secret text NOT NULL,
        previous_secret text,
        secret_rotated_at timestamptz(3),
        created_by uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT webhook_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT webhook_event_types_ck CHECK (cardinality(event_types) > 0),
        CONSTRAINT webhook_rotated_ck CHECK ((previous_secret IS NULL) = (secret_rotated_at IS NULL))
      )`);
    await queryRunner.query(`
      CREATE TABLE webhook_delivery (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        webhook_id uuid NOT NULL,
        event_type text NOT NULL,
        payload text NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz(3) DEFAULT now(),
        last_attempt_at timestamptz(3),
        last_status integer,
        last_error text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT webhook_delivery_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT webhook_delivery_webhook_fk FOREIGN KEY (tenant_id, webhook_id)
          REFERENCES webhook (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT webhook_delivery_status_ck CHECK (status IN ('pending', 'delivered', 'dead')),
        CONSTRAINT webhook_delivery_next_ck CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
      )`);
    await queryRunner.query(
      `CREATE INDEX webhook_delivery_newest_ix
         ON webhook_delivery (tenant_id, webhook_id, created_at DESC, id DESC)`,
    );
    await queryRunner.query(`CREATE INDEX webhook_delivery_age_ix ON webhook_delivery (tenant_id, created_at)`);
    for (const table of ['webhook', 'webhook_delivery']) await isolateTenants(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE webhook_delivery, webhook');
  }
}

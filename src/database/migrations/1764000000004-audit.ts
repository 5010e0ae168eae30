import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CURRENT_TENANT, isolateTenants } from './tenant-table.js';

/** What a migration cannot ask `connection.ts` for: that file lists the migrations. */
const SCHEMA = 'role_mining';

/**
 * Who did what, for good. The application can only read `audit_event`: `audit_append` writes with its owner's rights, and
 * gives number, time and hash itself, so that not even the application's login can forge or change an event. A trigger
 * refuses changes by anybody; what is too old goes by dropping a month's partition, which is the owner's to do.
 *
 * Each event has the hash of the tenant's event before it. Numbers and hashes are given under a lock of the tenant's
 * `audit_head` row, held until the transaction ends: there are no gaps, and an event that is missing or changed shows.
 * The lock is taken last of all in a transaction (see `AuditTrail`).
 *
 * Partitions are made ahead by `audit_add_months` whenever the owner prepares the database; events of a month that
 * nobody has made a partition for lie in the default one.
 */
export class Audit1764000000004 implements MigrationInterface {
  name = 'Audit1764000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audit_event (
        tenant_id uuid NOT NULL,
        sequence bigint NOT NULL,
        id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        actor_kind text NOT NULL,
        actor_id uuid,
        action text NOT NULL,
        object_type text NOT NULL,
        object_id uuid,
        before jsonb,
        after jsonb,
        reason text,
        refusal jsonb,
        request_id text,
        previous_hash bytea NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT audit_event_pk PRIMARY KEY (tenant_id, sequence, created_at),
        CONSTRAINT audit_event_actor_kind_ck CHECK (actor_kind IN ('user', 'cli', 'worker', 'module'))
      ) PARTITION BY RANGE (created_at)`);
    await queryRunner.query(`CREATE INDEX audit_event_object_ix ON audit_event (tenant_id, object_id, sequence DESC)`);
    await queryRunner.query(`CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT`);
    await queryRunner.query(`
      CREATE TABLE audit_head (
        tenant_id uuid NOT NULL,
        sequence bigint NOT NULL,
        hash bytea NOT NULL,
        last_at timestamptz NOT NULL,
        CONSTRAINT audit_head_pk PRIMARY KEY (tenant_id)
      )`);
    for (const table of ['audit_event', 'audit_event_default', 'audit_head']) await isolateTenants(queryRunner, table);
    await queryRunner.query(`
      CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit events are never changed; old ones go by dropping a partition';
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()`);
    // The time as microseconds: the text of a timestamp depends on the session.
    await queryRunner.query(`
      CREATE FUNCTION audit_hash(event audit_event) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(event.previous_hash || convert_to(jsonb_build_array(
          event.tenant_id, event.sequence, event.id, (extract(epoch FROM event.created_at) * 1000000)::bigint,
          event.actor_kind, event.actor_id, event.action, event.object_type, event.object_id, event.before, event.after,
          event.reason, event.refusal, event.request_id)::text, 'UTF8'))
      $$`);
    // Times grow with the numbers, whatever the clock does: the order of both is the same, without ties.
    await queryRunner.query(`
      CREATE FUNCTION audit_append(
        actor_kind text, actor_id uuid, action text, object_type text, object_id uuid,
        before jsonb, after jsonb, reason text, refusal jsonb, request_id text
      ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${SCHEMA}, pg_temp AS $$
      DECLARE
        tenant uuid := ${CURRENT_TENANT};
        head audit_head;
        event audit_event;
      BEGIN
        INSERT INTO audit_head VALUES (tenant, 0, '', '-infinity') ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM audit_head WHERE tenant_id = tenant FOR UPDATE;
        event := ROW(
          tenant, head.sequence + 1, gen_random_uuid(),
          greatest(clock_timestamp(), head.last_at + interval '1 microsecond'),
          audit_append.actor_kind, audit_append.actor_id, audit_append.action, audit_append.object_type,
          audit_append.object_id, audit_append.before, audit_append.after, audit_append.reason,
          audit_append.refusal, audit_append.request_id, head.hash, '');
        event.hash := audit_hash(event);
        INSERT INTO audit_event SELECT (event).*;
        UPDATE audit_head SET sequence = event.sequence, hash = event.hash, last_at = event.created_at
        WHERE tenant_id = tenant;
      END $$`);
    // A partition is a table too: row-level security of the parent does not protect who names it directly.
    await queryRunner.query(`
      CREATE FUNCTION audit_add_months(until date) RETURNS void LANGUAGE plpgsql SET search_path = ${SCHEMA}, pg_temp AS $$
      DECLARE
        month date := date_trunc('month', now() AT TIME ZONE 'UTC');
        partition text;
      BEGIN
        WHILE month <= until LOOP
          partition := 'audit_event_' || to_char(month, 'YYYY_MM');
          IF to_regclass(partition) IS NULL THEN
            BEGIN
              EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)', partition,
                month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
              EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
              EXECUTE format($policy$
                CREATE POLICY %I ON %I USING (tenant_id = ${CURRENT_TENANT}) WITH CHECK (tenant_id = ${CURRENT_TENANT})
              $policy$, partition || '_tenant', partition);
            EXCEPTION WHEN check_violation THEN
              -- Events of that month lie in the default partition already, and stay there.
              NULL;
            END;
          END IF;
          month := month + interval '1 month';
        END LOOP;
      END $$`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION audit_add_months, audit_append, audit_hash');
    await queryRunner.query('DROP TABLE audit_event, audit_head');
    await queryRunner.query('DROP FUNCTION audit_refuse_change');
  }
}

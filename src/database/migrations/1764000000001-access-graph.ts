import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

const TABLES = [
  'access_graph',
  'access_user',
  'access_entitlement',
  'access_assignment',
  'access_usage',
  'access_role',
  'access_role_entitlement',
  'access_role_member',
  'access_import',
];

/**
 * Who holds what, per tenant. Users and entitlements carry a dense integer beside their UUID; the tables with a row
 * per assignment, membership or use hold only those integers (see docs/adr/0002-integers-inside.md).
 *
 * Those four tables have no foreign key to users and entitlements: checking them row by row made loading ten times
 * slower. They are written set-based, by joins with the users and entitlements of the same tenant, under a lock of the
 * tenant's `access_graph` row; and numbers are never given twice, so that a stray row could not come to mean somebody else.
 *
 * Names and external ids are compared by code point (COLLATE "C"): the order of lists and of the snapshot that is mined
 * does not depend on the server's locale, and unique indexes serve it.
 */
export class AccessGraph1764000000001 implements MigrationInterface {
  name = 'AccessGraph1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE access_graph (
        tenant_id uuid NOT NULL,
        next_user_number integer NOT NULL DEFAULT 0,
        next_entitlement_number integer NOT NULL DEFAULT 0,
        last_import_at timestamptz(3),
        CONSTRAINT access_graph_pk PRIMARY KEY (tenant_id)
      )`);
    await queryRunner.query(`
      CREATE TABLE access_user (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        number integer NOT NULL,
        external_id text COLLATE "C" NOT NULL,
        attributes jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT access_user_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT access_user_number_uq UNIQUE (tenant_id, number),
        CONSTRAINT access_user_external_id_uq UNIQUE (tenant_id, external_id)
      )`);
    await queryRunner.query(`
      CREATE TABLE access_entitlement (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        number integer NOT NULL,
        external_id text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        application text,
        description text,
        CONSTRAINT access_entitlement_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT access_entitlement_number_uq UNIQUE (tenant_id, number),
        CONSTRAINT access_entitlement_external_id_uq UNIQUE (tenant_id, external_id)
      )`);
    await queryRunner.query(`CREATE INDEX access_entitlement_name_ix ON access_entitlement (tenant_id, name, id)`);
    await queryRunner.query(`
      CREATE TABLE access_assignment (
        tenant_id uuid NOT NULL,
        user_number integer NOT NULL,
        entitlement_number integer NOT NULL,
        imported boolean NOT NULL,
        CONSTRAINT access_assignment_pk PRIMARY KEY (tenant_id, user_number, entitlement_number)
      )`);
    // No second index by entitlement: it took 7 of the 9.5 s of CPU time of loading two million rows. The holders of some
    // entitlements are found by reading the tenant's part of the key, 0.2 s for two million.
    await queryRunner.query(`
      CREATE TABLE access_usage (
        tenant_id uuid NOT NULL,
        user_number integer NOT NULL,
        entitlement_number integer NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        CONSTRAINT access_usage_pk PRIMARY KEY (tenant_id, user_number, entitlement_number)
      )`);
    await queryRunner.query(`
      CREATE TABLE access_role (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        external_id text COLLATE "C",
        name text COLLATE "C" NOT NULL,
        description text,
        source text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT access_role_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT access_role_external_id_uq UNIQUE (tenant_id, external_id),
        CONSTRAINT access_role_name_uq UNIQUE (tenant_id, name) DEFERRABLE INITIALLY IMMEDIATE,
        CONSTRAINT access_role_source_ck CHECK (source IN ('import', 'candidate', 'simulation', 'merge'))
      )`);
    await queryRunner.query(`CREATE INDEX access_role_name_ix ON access_role (tenant_id, name, id)`);
    await queryRunner.query(`
      CREATE TABLE access_role_entitlement (
        tenant_id uuid NOT NULL,
        role_id uuid NOT NULL,
        entitlement_number integer NOT NULL,
        CONSTRAINT access_role_entitlement_pk PRIMARY KEY (tenant_id, role_id, entitlement_number),
        CONSTRAINT access_role_entitlement_role_fk FOREIGN KEY (tenant_id, role_id)
          REFERENCES access_role (tenant_id, id) ON DELETE CASCADE
      )`);
    await queryRunner.query(
      `CREATE INDEX access_role_entitlement_number_ix ON access_role_entitlement (tenant_id, entitlement_number)`,
    );
    await queryRunner.query(`
      CREATE TABLE access_role_member (
        tenant_id uuid NOT NULL,
        role_id uuid NOT NULL,
        user_number integer NOT NULL,
        CONSTRAINT access_role_member_pk PRIMARY KEY (tenant_id, role_id, user_number),
        CONSTRAINT access_role_member_role_fk FOREIGN KEY (tenant_id, role_id)
          REFERENCES access_role (tenant_id, id) ON DELETE CASCADE
      )`);
    await queryRunner.query(`CREATE INDEX access_role_member_user_ix ON access_role_member (tenant_id, user_number)`);
    await queryRunner.query(`
      CREATE TABLE access_import (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        mode text NOT NULL,
        dry_run boolean NOT NULL,
        max_removed_percent double precision NOT NULL,
        parts text[] NOT NULL,
        status text NOT NULL DEFAULT 'running',
        progress_percent integer NOT NULL DEFAULT 0,
        counts jsonb,
        failure jsonb,
        created_by uuid,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        completed_at timestamptz(3),
        CONSTRAINT access_import_pk PRIMARY KEY (tenant_id, id),
        CONSTRAINT access_import_mode_ck CHECK (mode IN ('replace', 'merge')),
        CONSTRAINT access_import_status_ck CHECK (status IN ('running', 'completed', 'failed')),
        CONSTRAINT access_import_progress_ck CHECK (progress_percent BETWEEN 0 AND 100),
        CONSTRAINT access_import_counts_ck CHECK ((status = 'completed') = (counts IS NOT NULL)),
        CONSTRAINT access_import_failure_ck CHECK ((status = 'failed') = (failure IS NOT NULL)),
        CONSTRAINT access_import_ended_ck CHECK ((status = 'running') = (completed_at IS NULL))
      )`);
    await queryRunner.query(
      `CREATE INDEX access_import_newest_ix ON access_import (tenant_id, created_at DESC, id DESC)`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX access_import_one_running_uq ON access_import (tenant_id) WHERE status = 'running'`,
    );
    for (const table of TABLES) await isolateTenants(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTenants } from './tenant-table.js';

/**
 * Which roles inherit from which, and what role candidates inherit (docs: ADR 23). A role's own table has all that it gives,
 * inherited or not; an inheritance says that the senior gives all that the junior gives, and ends by itself when that is no
 * longer so, whoever changes one of the two. Of candidates that are there already nothing is inherited.
 */
export class RoleHierarchies1764000000016 implements MigrationInterface {
  name = 'RoleHierarchies1764000000016';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE access_role_inheritance (
        tenant_id uuid NOT NULL,
        senior_role_id uuid NOT NULL,
        junior_role_id uuid NOT NULL,
        CONSTRAINT access_role_inheritance_pk PRIMARY KEY (tenant_id, senior_role_id, junior_role_id),
        CONSTRAINT access_role_inheritance_senior_fk FOREIGN KEY (tenant_id, senior_role_id)
          REFERENCES access_role (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT access_role_inheritance_junior_fk FOREIGN KEY (tenant_id, junior_role_id)
          REFERENCES access_role (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT access_role_inheritance_self_ck CHECK (senior_role_id <> junior_role_id)
      )`);
    await queryRunner.query(
      `CREATE INDEX access_role_inheritance_junior_ix ON access_role_inheritance (tenant_id, junior_role_id)`,
    );
    await isolateTenants(queryRunner, 'access_role_inheritance');
    await queryRunner.query(`
      CREATE FUNCTION end_role_inheritance() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          DELETE FROM access_role_inheritance link USING changed
          WHERE link.tenant_id = changed.tenant_id AND link.junior_role_id = changed.role_id
            AND NOT EXISTS (
              SELECT FROM access_role_entitlement held
              WHERE held.tenant_id = link.tenant_id AND held.role_id = link.senior_role_id
                AND held.entitlement_number = changed.entitlement_number);
        ELSE
          DELETE FROM access_role_inheritance link USING changed
          WHERE link.tenant_id = changed.tenant_id AND link.senior_role_id = changed.role_id
            AND EXISTS (
              SELECT FROM access_role_entitlement held
              WHERE held.tenant_id = link.tenant_id AND held.role_id = link.junior_role_id
                AND held.entitlement_number = changed.entitlement_number);
        END IF;
        RETURN NULL;
      END $$`);
    for (const [operation, rows] of [
      ['INSERT', 'NEW'],
      ['DELETE', 'OLD'],
    ]) {
      await queryRunner.query(`
        CREATE TRIGGER access_role_entitlement_${operation.toLowerCase()}_tg AFTER ${operation} ON access_role_entitlement
        REFERENCING ${rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION end_role_inheritance()`);
    }
    await queryRunner.query(`
      ALTER TABLE role_mining_candidate
        ADD COLUMN own_entitlement_ids uuid[],
        ADD COLUMN junior_candidate_ids uuid[] NOT NULL DEFAULT '{}',
        ADD COLUMN junior_role_ids uuid[] NOT NULL DEFAULT '{}'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE role_mining_candidate
        DROP COLUMN own_entitlement_ids, DROP COLUMN junior_candidate_ids, DROP COLUMN junior_role_ids`);
    for (const operation of ['insert', 'delete']) {
      await queryRunner.query(`DROP TRIGGER access_role_entitlement_${operation}_tg ON access_role_entitlement`);
    }
    await queryRunner.query('DROP FUNCTION end_role_inheritance()');
    await queryRunner.query('DROP TABLE access_role_inheritance');
  }
}

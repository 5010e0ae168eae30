import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { errorCode } from '../../common/error-code.js';
import { ConflictError } from '../../common/errors/domain.error.js';
import { lockGraph } from './graph-lock.js';
import { numbersOf } from './graph-references.js';
import { type NewRole, type RoleSource, RoleStore, type SetChange, type StoredRole } from './role.store.js';

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class PostgresRoleStore extends RoleStore {
  override async createRole(manager: EntityManager, tenantId: string, role: NewRole): Promise<string> {
    await lockGraph(manager, tenantId);
    const id = await insertRole(manager, tenantId, role);
    await this.addEntitlements(manager, tenantId, id, role.entitlementIds);
    if (role.juniorIds !== undefined) await addJuniors(manager, tenantId, id, role.juniorIds);
    await this.addMembers(manager, tenantId, id, role.memberIds);
    return id;
  }

  override async findRoles(manager: EntityManager, tenantId: string, ids: readonly string[]): Promise<StoredRole[]> {
    const rows = await manager.query<StoredRoleRow[]>(
      `SELECT id, external_id, name, description, source,
         ARRAY(SELECT entitlement.id FROM access_role_entitlement held
               JOIN access_entitlement entitlement
                 ON entitlement.tenant_id = held.tenant_id AND entitlement.number = held.entitlement_number
               WHERE held.tenant_id = role.tenant_id AND held.role_id = role.id ORDER BY entitlement.id) AS entitlement_ids,
         ARRAY(SELECT junior_role_id FROM access_role_inheritance link
               WHERE link.tenant_id = role.tenant_id AND link.senior_role_id = role.id ORDER BY junior_role_id) AS junior_ids,
         (SELECT count(*)::integer FROM access_role_member member
          WHERE member.tenant_id = role.tenant_id AND member.role_id = role.id) AS member_count
       FROM access_role role WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id`,
      [tenantId, ids],
    );
    return rows.map((row) => ({
      id: row.id,
      externalId: row.external_id,
      name: row.name,
      description: row.description,
      source: row.source,
      entitlementIds: row.entitlement_ids,
      juniorIds: row.junior_ids,
      memberCount: row.member_count,
    }));
  }

  override async changeEntitlements(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    { add = [], remove = [] }: SetChange,
  ): Promise<void> {
    await lockGraph(manager, tenantId);
    await requireRoles(manager, tenantId, [roleId]);
    await manager.query(
      `DELETE FROM access_role_entitlement held USING access_entitlement entitlement
       WHERE held.tenant_id = $1 AND held.role_id = $2 AND entitlement.tenant_id = $1
         AND entitlement.number = held.entitlement_number AND entitlement.id = ANY ($3::uuid[])`,
      [tenantId, roleId, remove],
    );
    await this.addEntitlements(manager, tenantId, roleId, add);
  }

  override async changeMembers(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    { add = [], remove = [] }: SetChange,
  ): Promise<void> {
    await lockGraph(manager, tenantId);
    await requireRoles(manager, tenantId, [roleId]);
    await manager.query(
      `DELETE FROM access_role_member member USING access_user holder
       WHERE member.tenant_id = $1 AND member.role_id = $2 AND holder.tenant_id = $1
         AND holder.number = member.user_number AND holder.id = ANY ($3::uuid[])`,
      [tenantId, roleId, remove],
    );
    await this.addMembers(manager, tenantId, roleId, add);
  }

  override async mergeRoles(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    retiredRoleId: string,
  ): Promise<void> {
    await lockGraph(manager, tenantId);
    await requireRoles(manager, tenantId, [roleId, retiredRoleId]);
    for (const [table, part] of [
      ['access_role_entitlement', 'entitlement_number'],
      ['access_role_member', 'user_number'],
    ]) {
      await manager.query(
        `INSERT INTO ${table} (tenant_id, role_id, ${part})
         SELECT $1, $2, ${part} FROM ${table} WHERE tenant_id = $1 AND role_id = $3 ON CONFLICT DO NOTHING`,
        [tenantId, roleId, retiredRoleId],
      );
    }
    await this.deleteRole(manager, tenantId, retiredRoleId);
  }

  override async deleteRole(manager: EntityManager, tenantId: string, roleId: string): Promise<void> {
    await lockGraph(manager, tenantId);
    await requireRoles(manager, tenantId, [roleId]);
    await manager.query('DELETE FROM access_role WHERE tenant_id = $1 AND id = $2', [tenantId, roleId]);
  }

  private async addEntitlements(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    entitlementIds: readonly string[],
  ): Promise<void> {
    await manager.query(
      `INSERT INTO access_role_entitlement (tenant_id, role_id, entitlement_number)
       SELECT $1, $2, number FROM unnest($3::integer[]) AS number ON CONFLICT DO NOTHING`,
      [tenantId, roleId, await numbersOf(manager, tenantId, 'access_entitlement', entitlementIds)],
    );
  }

  private async addMembers(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    userIds: readonly string[],
  ): Promise<void> {
    await manager.query(
      `INSERT INTO access_role_member (tenant_id, role_id, user_number)
       SELECT $1, $2, number FROM unnest($3::integer[]) AS number ON CONFLICT DO NOTHING`,
      [tenantId, roleId, await numbersOf(manager, tenantId, 'access_user', userIds)],
    );
  }
}

interface StoredRoleRow {
  readonly id: string;
  readonly external_id: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly source: RoleSource;
  readonly entitlement_ids: string[];
  readonly junior_ids: string[];
  readonly member_count: number;
}

async function insertRole(
  manager: EntityManager,
  tenantId: string,
  role: Pick<NewRole, 'name' | 'description' | 'source'>,
): Promise<string> {
  try {
    const [{ id }] = await manager.query<{ id: string }[]>(
      'INSERT INTO access_role (tenant_id, name, description, source) VALUES ($1, $2, $3, $4) RETURNING id',
      [tenantId, role.name, role.description ?? null, role.source],
    );
    return id;
  } catch (error) {
    if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
    throw new ConflictError(`There is a role named ${JSON.stringify(role.name)} already`);
  }
}

/**
 * Only a role that is new is ever given juniors, and only smaller ones: inheritance cannot go in a circle. It ends by itself
 * when the junior comes to give more than the senior.
 */
async function addJuniors(
  manager: EntityManager,
  tenantId: string,
  roleId: string,
  juniorIds: readonly string[],
): Promise<void> {
  await requireRoles(manager, tenantId, juniorIds);
  const unfit = await manager.query<{ id: string }[]>(
    `WITH part AS MATERIALIZED (
       SELECT entitlement_number FROM access_role_entitlement WHERE tenant_id = $1 AND role_id = $2)
     SELECT asked.id FROM unnest($3::uuid[]) AS asked(id)
     CROSS JOIN LATERAL (
       SELECT count(*) AS size, count(part.entitlement_number) AS shared
       FROM access_role_entitlement held LEFT JOIN part USING (entitlement_number)
       WHERE held.tenant_id = $1 AND held.role_id = asked.id) AS junior
     WHERE junior.shared < junior.size OR junior.size >= (SELECT count(*) FROM part) ORDER BY asked.id`,
    [tenantId, roleId, juniorIds],
  );
  if (unfit.length > 0) {
    const names = unfit.map(({ id }) => id).join(', ');
    throw new ConflictError(`A role can only inherit from roles that give a part of what it gives, not from ${names}`);
  }
  await manager.query(
    `INSERT INTO access_role_inheritance (tenant_id, senior_role_id, junior_role_id)
     SELECT DISTINCT $1::uuid, $2::uuid, id FROM unnest($3::uuid[]) AS id`,
    [tenantId, roleId, juniorIds],
  );
}

async function requireRoles(manager: EntityManager, tenantId: string, roleIds: readonly string[]): Promise<void> {
  const missing = await manager.query<{ id: string }[]>(
    'SELECT id FROM unnest($2::uuid[]) AS id EXCEPT SELECT id FROM access_role WHERE tenant_id = $1',
    [tenantId, roleIds],
  );
  if (missing.length > 0) {
    throw new ConflictError(`The access graph no longer has the role ${missing.map(({ id }) => id).join(', ')}`);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  ConflictError,
  type GraphRole,
  type NewRole,
  RoleStore,
  type SetChange,
  type StoredRole,
} from '../../src/index.js';
import { StaffDirectory } from './staff-directory.js';

type Part = 'grant_ids' | 'member_ids';

/**
 * The directory's own roles, as decisions change them. Every statement goes through the manager that the caller gives: it
 * is part of the caller's transaction, and of nothing when that is rolled back. No lock is taken, the decisions hold the
 * tenant's.
 */
@Injectable()
export class DirectoryRoleStore extends RoleStore {
  constructor(private readonly directory: StaffDirectory) {
    super();
  }

  /** All roles of a tenant, for the reader: the next run is to know what has been made of the one before. */
  async listRoles(manager: EntityManager, tenantId: string): Promise<GraphRole[]> {
    return manager.query<GraphRole[]>(
      `SELECT id, name, grant_ids AS "entitlementIds", member_ids AS "memberIds"
       FROM staff_directory.role WHERE tenant_id = $1 ORDER BY id`,
      [tenantId],
    );
  }

  override async createRole(manager: EntityManager, tenantId: string, role: NewRole): Promise<string> {
    await this.requireGrants(tenantId, role.entitlementIds);
    await this.requirePeople(tenantId, role.memberIds);
    const made = await manager.query<{ id: string }[]>(
      `INSERT INTO staff_directory.role (tenant_id, name, description, source, grant_ids, member_ids)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id`,
      [tenantId, role.name, role.description ?? null, role.source, role.entitlementIds, role.memberIds],
    );
    if (made.length === 0)
      throw new ConflictError(`The directory has a role named ${JSON.stringify(role.name)} already`);
    return made[0].id;
  }

  override findRoles(manager: EntityManager, tenantId: string, ids: readonly string[]): Promise<StoredRole[]> {
    return manager.query<StoredRole[]>(
      `SELECT id, NULL AS "externalId", name, description, source,
         ARRAY(SELECT unnest(grant_ids) ORDER BY 1) AS "entitlementIds", cardinality(member_ids) AS "memberCount"
       FROM staff_directory.role WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id`,
      [tenantId, ids],
    );
  }

  override async changeEntitlements(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    change: SetChange,
  ): Promise<void> {
    await this.requireGrants(tenantId, change.add ?? []);
    await this.change(manager, tenantId, roleId, 'grant_ids', change);
  }

  override async changeMembers(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    change: SetChange,
  ): Promise<void> {
    await this.requirePeople(tenantId, change.add ?? []);
    await this.change(manager, tenantId, roleId, 'member_ids', change);
  }

  override async mergeRoles(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    retiredRoleId: string,
  ): Promise<void> {
    const [retired] = await manager.query<{ grant_ids: string[]; member_ids: string[] }[]>(
      'SELECT grant_ids, member_ids FROM staff_directory.role WHERE tenant_id = $1 AND id = $2',
      [tenantId, retiredRoleId],
    );
    if (retired === undefined) throw noSuchRole(retiredRoleId);
    await this.change(manager, tenantId, roleId, 'grant_ids', { add: retired.grant_ids });
    await this.change(manager, tenantId, roleId, 'member_ids', { add: retired.member_ids });
    await this.deleteRole(manager, tenantId, retiredRoleId);
  }

  override async deleteRole(manager: EntityManager, tenantId: string, roleId: string): Promise<void> {
    const [{ count }] = await manager.query<[{ count: number }]>(
      `WITH gone AS (DELETE FROM staff_directory.role WHERE tenant_id = $1 AND id = $2 RETURNING 1)
       SELECT count(*)::integer AS count FROM gone`,
      [tenantId, roleId],
    );
    if (count === 0) throw noSuchRole(roleId);
  }

  private async change(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    part: Part,
    { add = [], remove = [] }: SetChange,
  ): Promise<void> {
    const [{ count }] = await manager.query<[{ count: number }]>(
      `WITH changed AS (
         UPDATE staff_directory.role SET ${part} = ARRAY(
           (SELECT unnest(${part}) EXCEPT SELECT unnest($4::uuid[])) UNION SELECT unnest($3::uuid[]))
         WHERE tenant_id = $1 AND id = $2 RETURNING 1)
       SELECT count(*)::integer AS count FROM changed`,
      [tenantId, roleId, add, remove],
    );
    if (count === 0) throw noSuchRole(roleId);
  }

  private async requireGrants(tenantId: string, ids: readonly string[]): Promise<void> {
    requireAll('grant', await this.directory.grants(tenantId), ids);
  }

  private async requirePeople(tenantId: string, ids: readonly string[]): Promise<void> {
    requireAll('person', await this.directory.people(tenantId), ids);
  }
}

function requireAll(what: string, existing: readonly { readonly id: string }[], wanted: readonly string[]): void {
  const known = new Set(existing.map(({ id }) => id));
  const missing = wanted.filter((id) => !known.has(id));
  if (missing.length > 0) throw new ConflictError(`The directory no longer has the ${what} ${missing.join(', ')}`);
}

function noSuchRole(id: string): ConflictError {
  return new ConflictError(`The directory no longer has the role ${id}`);
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AssignmentStore } from './assignment.store.js';
import { lockGraph } from './graph-lock.js';
import { numbersOf } from './graph-references.js';

@Injectable()
export class PostgresAssignmentStore extends AssignmentStore {
  override async assign(
    manager: EntityManager,
    tenantId: string,
    userIds: readonly string[],
    entitlementIds: readonly string[],
  ): Promise<number> {
    await lockGraph(manager, tenantId);
    const users = await numbersOf(manager, tenantId, 'access_user', userIds);
    const entitlements = await numbersOf(manager, tenantId, 'access_entitlement', entitlementIds);
    const [{ count }] = await manager.query<[{ count: number }]>(
      `WITH made AS (
         INSERT INTO access_assignment (tenant_id, user_number, entitlement_number, imported)
         SELECT $1, user_number, entitlement_number, false
         FROM unnest($2::integer[]) AS user_number CROSS JOIN unnest($3::integer[]) AS entitlement_number
         ON CONFLICT DO NOTHING RETURNING 1)
       SELECT count(*)::integer AS count FROM made`,
      [tenantId, users, entitlements],
    );
    return count;
  }

  override async unassign(
    manager: EntityManager,
    tenantId: string,
    userIds: readonly string[],
    entitlementIds: readonly string[],
  ): Promise<number> {
    await lockGraph(manager, tenantId);
    const [{ count }] = await manager.query<[{ count: number }]>(
      `WITH removed AS (
         DELETE FROM access_assignment held USING access_user holder, access_entitlement entitlement
         WHERE held.tenant_id = $1 AND holder.tenant_id = $1 AND entitlement.tenant_id = $1
           AND holder.number = held.user_number AND holder.id = ANY ($2::uuid[])
           AND entitlement.number = held.entitlement_number AND entitlement.id = ANY ($3::uuid[])
         RETURNING 1)
       SELECT count(*)::integer AS count FROM removed`,
      [tenantId, userIds, entitlementIds],
    );
    return count;
  }
}

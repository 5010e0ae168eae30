import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/errors/domain.error.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { UserAttributes } from '../snapshot/attribute-columns.js';
import { type LookUp, LookUpFilter } from './look-up-filter.js';
import { pageOfTable } from './pages.js';

export interface UserView {
  readonly id: string;
  readonly external_id: string;
  readonly attributes: UserAttributes;
  /** Held effectively. */
  readonly entitlement_count: number;
  readonly role_count: number;
}

export interface HeldEntitlement {
  readonly entitlement_id: string;
  readonly direct: boolean;
  readonly role_ids: string[];
  readonly last_used_at: Date | null;
}

const HELD_BY_ROW = `
  SELECT entitlement_number FROM access_assignment WHERE tenant_id = row.tenant_id AND user_number = row.number
  UNION
  SELECT granted.entitlement_number FROM access_role_member member
  JOIN access_role_entitlement granted ON granted.tenant_id = member.tenant_id AND granted.role_id = member.role_id
  WHERE member.tenant_id = row.tenant_id AND member.user_number = row.number`;

const SELECT = `id, external_id, attributes,
  (SELECT count(*)::integer FROM (${HELD_BY_ROW}) AS held) AS entitlement_count,
  (SELECT count(*)::integer FROM access_role_member member
   WHERE member.tenant_id = row.tenant_id AND member.user_number = row.number) AS role_count`;

/** Looks up users and what they hold (contract: access graph, "Looking up"). */
@Injectable()
export class UsersService {
  constructor(private readonly transaction: TenantTransaction) {}

  /** By external id. */
  listUsers(tenantId: string, query: LookUp): Promise<{ items: UserView[]; total: number }> {
    const filter = LookUpFilter.of(tenantId, query, ['external_id']);
    return this.transaction.run(tenantId, (manager) =>
      pageOfTable(manager, 'access_user', filter, query, 'external_id, id', SELECT),
    );
  }

  /** @throws NotFoundError */
  async getUser(tenantId: string, id: string): Promise<UserView> {
    // A page with room left needs no count.
    const { items } = await this.listUsers(tenantId, { ids: [id], limit: 2, offset: 0 });
    if (items.length === 0) throw new NotFoundError('user', id);
    return items[0];
  }

  /** Effective access, by name of the entitlement. @throws NotFoundError */
  async getAccess(tenantId: string, id: string): Promise<HeldEntitlement[]> {
    return this.transaction.run(tenantId, async (manager) => {
      const known = await manager.query<[]>('SELECT FROM access_user WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
      if (known.length === 0) throw new NotFoundError('user', id);
      return manager.query<HeldEntitlement[]>(
        `WITH holder AS (SELECT number FROM access_user WHERE tenant_id = $1 AND id = $2),
         held AS (
           SELECT entitlement_number, true AS direct, NULL::uuid AS role_id FROM access_assignment
           WHERE tenant_id = $1 AND user_number = (SELECT number FROM holder)
           UNION ALL
           SELECT granted.entitlement_number, false, granted.role_id FROM access_role_member member
           JOIN access_role_entitlement granted ON granted.tenant_id = $1 AND granted.role_id = member.role_id
           WHERE member.tenant_id = $1 AND member.user_number = (SELECT number FROM holder)
         ), each AS (
           SELECT entitlement_number, bool_or(direct) AS direct,
             coalesce(array_agg(role_id ORDER BY role_id) FILTER (WHERE role_id IS NOT NULL), '{}') AS role_ids
           FROM held GROUP BY entitlement_number
         )
         SELECT entitlement.id AS entitlement_id, direct, role_ids, used.last_used_at FROM each
         JOIN access_entitlement entitlement
           ON entitlement.tenant_id = $1 AND entitlement.number = each.entitlement_number
         LEFT JOIN access_usage used ON used.tenant_id = $1 AND used.user_number = (SELECT number FROM holder)
           AND used.entitlement_number = each.entitlement_number
         ORDER BY entitlement.name, entitlement.id`,
        [tenantId, id],
      );
    });
  }
}

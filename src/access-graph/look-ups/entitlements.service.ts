import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/errors/domain.error.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { type LookUp, LookUpFilter } from './look-up-filter.js';
import { pageOfTable } from './pages.js';

export interface EntitlementView {
  readonly id: string;
  readonly external_id: string;
  readonly name: string;
  readonly application: string | null;
  readonly description: string | null;
  /** Who hold it effectively. */
  readonly user_count: number;
}

type EntitlementRow = Omit<EntitlementView, 'user_count'> & { readonly number: number };

/** Looks up entitlements (contract: access graph, "Looking up"). */
@Injectable()
export class EntitlementsService {
  constructor(private readonly transaction: TenantTransaction) {}

  /** By name. */
  listEntitlements(
    tenantId: string,
    query: LookUp & { application?: string },
  ): Promise<{ items: EntitlementView[]; total: number }> {
    const filter = LookUpFilter.of(tenantId, query, ['name', 'external_id']);
    if (query.application !== undefined) filter.add((value) => `application = ${value}`, query.application);
    return this.transaction.run(tenantId, async (manager) => {
      const { items, total } = await pageOfTable<EntitlementRow>(
        manager,
        'access_entitlement',
        filter,
        query,
        'name, id',
        'id, external_id, name, application, description, number',
      );
      // One pass over the tenant's assignments for the whole page: they are not indexed by entitlement (see the migration).
      const counts = await manager.query<{ number: number; users: number }[]>(
        `SELECT number, count(*)::integer AS users FROM (
           SELECT entitlement_number AS number, user_number FROM access_assignment
           WHERE tenant_id = $1 AND entitlement_number = ANY ($2::integer[])
           UNION
           SELECT granted.entitlement_number, member.user_number FROM access_role_entitlement granted
           JOIN access_role_member member ON member.tenant_id = granted.tenant_id AND member.role_id = granted.role_id
           WHERE granted.tenant_id = $1 AND granted.entitlement_number = ANY ($2::integer[])
         ) AS holders GROUP BY number`,
        [tenantId, items.map(({ number }) => number)],
      );
      const usersOf = new Map(counts.map(({ number, users }) => [number, users]));
      return { items: items.map(({ number, ...row }) => ({ ...row, user_count: usersOf.get(number) ?? 0 })), total };
    });
  }

  /** @throws NotFoundError */
  async getEntitlement(tenantId: string, id: string): Promise<EntitlementView> {
    const { items } = await this.listEntitlements(tenantId, { ids: [id], limit: 1, offset: 0 });
    if (items.length === 0) throw new NotFoundError('entitlement', id);
    return items[0];
  }
}

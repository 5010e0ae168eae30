import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/errors/domain.error.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { PostgresRoleStore } from '../stores/postgres-role.store.js';
import type { StoredRole } from '../stores/role.store.js';
import { type LookUp, LookUpFilter } from './look-up-filter.js';
import { pageOfTable } from './pages.js';

/** Looks up roles (contract: access graph, "Looking up"). */
@Injectable()
export class RolesService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: PostgresRoleStore,
  ) {}

  /** By name. */
  listRoles(tenantId: string, query: LookUp): Promise<{ items: StoredRole[]; total: number }> {
    const filter = LookUpFilter.of(tenantId, query, ['name', 'external_id']);
    return this.transaction.run(tenantId, async (manager) => {
      const page = await pageOfTable<{ id: string }>(manager, 'access_role', filter, query, 'name, id', 'id, name');
      const ids = page.items.map(({ id }) => id);
      const roles = new Map((await this.store.findRoles(manager, tenantId, ids)).map((role) => [role.id, role]));
      return { items: ids.flatMap((id) => roles.get(id) ?? []), total: page.total };
    });
  }

  /** @throws NotFoundError */
  async getRole(tenantId: string, id: string): Promise<StoredRole> {
    const [role] = await this.transaction.run(tenantId, (manager) => this.store.findRoles(manager, tenantId, [id]));
    if (!role) throw new NotFoundError('role', id);
    return role;
  }
}

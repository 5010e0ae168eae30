import type { EntityManager } from 'typeorm';
import { findMissingIds, listedIds } from '../../access-graph/stores/graph-references.js';
import type { InputFault } from '../../common/errors/domain.error.js';
import type { Scenario } from './scenario.js';

/** One sentence for each field that names what the tenant does not have, with the ids. */
export async function faultsOfReferences(
  manager: EntityManager,
  tenantId: string,
  { targetRoleId, changes, userIds }: Scenario,
): Promise<InputFault[]> {
  const references = [
    ['target_role_id', 'access_role', 'role', targetRoleId === null ? [] : [targetRoleId]],
    ['changes.role_id', 'access_role', 'role', changes.roleId === null ? [] : [changes.roleId]],
    [
      'changes.entitlement_id',
      'access_entitlement',
      'entitlement',
      changes.entitlementId === null ? [] : [changes.entitlementId],
    ],
    ['changes.entitlement_ids', 'access_entitlement', 'entitlement', changes.entitlementIds ?? []],
    ['changes.user_ids', 'access_user', 'user', userIds ?? []],
  ] as const;
  const faults: InputFault[] = [];
  for (const [field, table, what, ids] of references) {
    const missing = await findMissingIds(manager, tenantId, table, ids);
    if (missing.length > 0) {
      faults.push({ field, message: `${field}: the tenant has no ${what} ${listedIds(missing)}` });
    }
  }
  return faults;
}

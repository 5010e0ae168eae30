import { stableUuid } from '../../src/common/stable-uuid.js';
import type { TestService } from './test-service.js';

/** Effective access as the look-up rules say it, read by SQL of its own: `user entitlement`, by external ids, sorted. */
export async function effectiveAccessOf(service: Pick<TestService, 'asTenant'>, tenant: string): Promise<string[]> {
  const rows = await service.asTenant<{ pair: string }>(tenant, EFFECTIVE_ACCESS);
  return rows.map(({ pair }) => pair);
}

export const EFFECTIVE_ACCESS = `
  SELECT holder.external_id || ' ' || entitlement.external_id AS pair
  FROM (
    SELECT user_number, entitlement_number FROM access_assignment
    UNION
    SELECT user_number, entitlement_number FROM access_role_member
    JOIN access_role_entitlement USING (tenant_id, role_id)) AS held
  JOIN access_user holder ON holder.number = held.user_number
  JOIN access_entitlement entitlement ON entitlement.number = held.entitlement_number
  ORDER BY 1`;

/** The ids that an import gives to external ids of the tenant. */
export function idsOf(tenant: string): Record<'user' | 'entitlement' | 'role', (externalId: string) => string> {
  const of =
    (kind: string) =>
    (externalId: string): string =>
      stableUuid(tenant, kind, externalId);
  return { user: of('user'), entitlement: of('entitlement'), role: of('role') };
}

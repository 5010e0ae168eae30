import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '../../database/tenant-transaction.js';

export interface GraphSummary {
  readonly users: number;
  readonly entitlements: number;
  readonly assignments: number;
  readonly roles: number;
  readonly last_import_at: Date | null;
}

export interface AttributeSummary {
  readonly name: string;
  readonly distinct_values: number;
  /** Users who have a value, 0 to 1. */
  readonly coverage: number;
}

/** What there is in a tenant's graph (contract: access graph, "Looking up"). */
@Injectable()
export class SummaryService {
  constructor(private readonly transaction: TenantTransaction) {}

  summarise(tenantId: string): Promise<GraphSummary & { attributes: AttributeSummary[] }> {
    return this.transaction.run(tenantId, async (manager) => {
      const [summary] = await manager.query<[GraphSummary]>(
        `SELECT (SELECT count(*)::integer FROM access_user WHERE tenant_id = $1) AS users,
           (SELECT count(*)::integer FROM access_entitlement WHERE tenant_id = $1) AS entitlements,
           (SELECT count(*)::integer FROM access_assignment WHERE tenant_id = $1) AS assignments,
           (SELECT count(*)::integer FROM access_role WHERE tenant_id = $1) AS roles,
           (SELECT last_import_at FROM access_graph WHERE tenant_id = $1) AS last_import_at`,
        [tenantId],
      );
      const attributes = await manager.query<AttributeSummary[]>(
        `SELECT attribute.key AS name, count(DISTINCT single.value)::integer AS distinct_values,
           count(DISTINCT number)::float8 / $2 AS coverage
         FROM access_user, jsonb_each(attributes) AS attribute,
           jsonb_array_elements_text(CASE jsonb_typeof(attribute.value)
             WHEN 'array' THEN attribute.value ELSE jsonb_build_array(attribute.value) END) AS single(value)
         WHERE tenant_id = $1 GROUP BY attribute.key ORDER BY attribute.key COLLATE "C"`,
        [tenantId, summary.users],
      );
      return { ...summary, attributes };
    });
  }
}

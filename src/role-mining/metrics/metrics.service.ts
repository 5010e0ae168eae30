import { Injectable } from '@nestjs/common';
import { findMissingIds, listedIds } from '../../access-graph/stores/graph-references.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { InvalidInputError, NotFoundError } from '../../common/errors/domain.error.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { Config } from '../../config/config.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { calculateMetrics, type MetricsCalculation } from './calculate-metrics.js';
import { RoleMetric, type TrendDirection } from './role-metric.entity.js';

/** What is left out does not filter. */
export interface MetricFilter {
  readonly trendDirection?: TrendDirection;
  readonly minUtilization?: number;
  readonly maxUtilization?: number;
}

/** Metrics of roles that are no more are kept, for when an import brings the role back, and not shown. */
const ROLE_EXISTS = `EXISTS (
  SELECT FROM access_role role WHERE role.tenant_id = metric.tenant_id AND role.id = metric.role_id)`;

/** How the tenant's roles are used (contract: results, "Role metrics"). */
@Injectable()
export class MetricsService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly trail: AuditTrail,
    private readonly config: Config,
  ) {}

  /** The latest of each role, the least used first. */
  async listMetrics(
    actor: JobActor,
    { trendDirection, minUtilization, maxUtilization }: MetricFilter,
    page: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ items: RoleMetric[]; total: number }> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const query = manager
        .createQueryBuilder(RoleMetric, 'metric')
        .where('metric.tenantId = :tenantId', { tenantId: actor.tenantId })
        .andWhere(ROLE_EXISTS)
        .orderBy({ 'metric.utilizationRate': 'ASC', 'metric.id': 'ASC' })
        .take(page.limit)
        .skip(page.offset);
      if (minUtilization !== undefined) query.andWhere('metric.utilizationRate >= :minUtilization', { minUtilization });
      if (maxUtilization !== undefined) query.andWhere('metric.utilizationRate <= :maxUtilization', { maxUtilization });
      if (trendDirection) query.andWhere('metric.trendDirection = :trendDirection', { trendDirection });
      const [items, total] = await query.getManyAndCount();
      return { items, total };
    });
  }

  /** @throws NotFoundError when there is no such role, or nothing was calculated for it yet */
  async getMetric(actor: JobActor, roleId: string): Promise<RoleMetric> {
    const metric = await this.transaction.run(actor.tenantId, (manager) =>
      manager
        .createQueryBuilder(RoleMetric, 'metric')
        .where({ tenantId: actor.tenantId, roleId })
        .andWhere(ROLE_EXISTS)
        .getOne(),
    );
    if (!metric) throw new NotFoundError('metric of a role', roleId);
    return metric;
  }

  /**
   * @param roleIds null for all roles of the tenant
   * @throws InvalidInputError naming the roles that the tenant does not have
   */
  async calculateMetrics(actor: JobActor, roleIds: readonly string[] | null): Promise<MetricsCalculation> {
    const statementTimeoutMs = this.config.database.bulkStatementTimeoutMs;
    return this.transaction.run(
      actor.tenantId,
      async (manager) => {
        const missing = await findMissingIds(manager, actor.tenantId, 'access_role', roleIds ?? []);
        if (missing.length > 0) {
          const message = `role_ids: the tenant has no role ${listedIds(missing)}`;
          throw new InvalidInputError([{ field: 'role_ids', message }]);
        }
        const calculation = await calculateMetrics(manager, actor.tenantId, roleIds);
        await this.trail.record(manager, actor, {
          action: 'metrics.calculate',
          objectType: 'metrics',
          objectId: null,
          after: {
            roles_calculated: calculation.rolesCalculated,
            calculated_at: calculation.calculatedAt.toISOString(),
            all_roles: roleIds === null,
          },
        });
        return calculation;
      },
      { statementTimeoutMs },
    );
  }
}

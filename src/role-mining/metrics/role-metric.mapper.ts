import type { RoleMetricDto } from './dto/role-metric.dto.js';
import type { RoleMetric } from './role-metric.entity.js';

export function metricToDto(metric: RoleMetric): RoleMetricDto {
  return {
    id: metric.id,
    tenant_id: metric.tenantId,
    role_id: metric.roleId,
    utilization_rate: metric.utilizationRate,
    coverage_rate: metric.coverageRate,
    user_count: metric.userCount,
    active_user_count: metric.activeUserCount,
    unknown_user_count: metric.unknownUserCount,
    entitlement_usage: metric.entitlementUsage.map(({ entitlementId, usedByCount, totalUsers }) => ({
      entitlement_id: entitlementId,
      used_by_count: usedByCount,
      total_users: totalUsers,
      usage_rate: totalUsers === 0 ? 0 : usedByCount / totalUsers,
    })),
    trend_direction: metric.trendDirection,
    calculated_at: metric.calculatedAt.toISOString(),
  };
}

import type { MetricsCalculationDto, RoleMetricDto } from '../role-mining/metrics/dto/role-metric.dto.js';
import type { Api } from './api.js';
import { lookUpNames } from './names.js';
import { count, percent, printTable } from './tables.js';

const METRICS = '/governance/role-mining/metrics';
const SHOWN = 4;

/** Calculates how all roles are used, and shows a few. */
export async function printRoleMetrics(api: Api): Promise<void> {
  const { roles_calculated } = await api.post<MetricsCalculationDto>(`${METRICS}/calculate`);
  const metrics = await api.first<RoleMetricDto>(METRICS, SHOWN);
  const role = await lookUpNames(
    api,
    'roles',
    metrics.map((metric) => metric.role_id),
  );
  printTable(
    `How roles are used: ${metrics.length} of ${count(roles_calculated)}`,
    ['Role', 'Members', 'Active', 'Utilisation', 'Explains of their access', 'Trend'],
    metrics.map((metric) => [
      role(metric.role_id),
      count(metric.user_count),
      count(metric.active_user_count),
      percent(metric.utilization_rate * 100),
      percent(metric.coverage_rate * 100),
      metric.trend_direction,
    ]),
  );
}

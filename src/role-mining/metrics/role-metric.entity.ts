import { Column, Entity, PrimaryColumn } from 'typeorm';

export const TREND_DIRECTIONS = ['up', 'stable', 'down'] as const;
export type TrendDirection = (typeof TREND_DIRECTIONS)[number];

export interface EntitlementUsage {
  readonly entitlementId: string;
  /** Members who used it in the last 90 days. */
  readonly usedByCount: number;
  readonly totalUsers: number;
}

/** The latest calculation for a role; the ones before are in a table of their own. */
@Entity('role_mining_role_metric')
export class RoleMetric {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid', { name: 'role_id' })
  roleId!: string;

  /** Of the calculation: another one after the next. */
  @Column('uuid')
  id!: string;

  @Column('double precision', { name: 'utilization_rate' })
  utilizationRate!: number;

  @Column('double precision', { name: 'coverage_rate' })
  coverageRate!: number;

  @Column('integer', { name: 'user_count' })
  userCount!: number;

  @Column('integer', { name: 'active_user_count' })
  activeUserCount!: number;

  @Column('integer', { name: 'unknown_user_count' })
  unknownUserCount!: number;

  /** Ascending by entitlement. */
  @Column('jsonb', { name: 'entitlement_usage' })
  entitlementUsage!: EntitlementUsage[];

  @Column('text', { name: 'trend_direction' })
  trendDirection!: TrendDirection;

  @Column('timestamptz', { name: 'calculated_at' })
  calculatedAt!: Date;
}

import { ApiProperty } from '@nestjs/swagger';
import { TREND_DIRECTIONS, type TrendDirection } from '../role-metric.entity.js';

/** How the members of a role use one of its entitlements. */
export class EntitlementUsageDto {
  @ApiProperty({ format: 'uuid' })
  entitlement_id!: string;

  /** Members who used it in the last 90 days.
   * @example 7
   */
  @ApiProperty({ type: 'integer' })
  used_by_count!: number;

  /** Members of the role.
   * @example 10
   */
  @ApiProperty({ type: 'integer' })
  total_users!: number;

  /** The first as a share of the second; 0 without members.
   * @example 0.7
   */
  @ApiProperty({ minimum: 0, maximum: 1 })
  usage_rate!: number;
}

/** How a role is used. */
export class RoleMetricDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  tenant_id!: string;

  @ApiProperty({ format: 'uuid' })
  role_id!: string;

  /** Active members as a share of all members; 0 without members.
   * @example 0.8
   */
  @ApiProperty({ minimum: 0, maximum: 1 })
  utilization_rate!: number;

  /** Share of what its members hold, directly or by any role, that this role gives them; 0 without members.
   * @example 0.35
   */
  @ApiProperty({ minimum: 0, maximum: 1 })
  coverage_rate!: number;

  /** Members.
   * @example 10
   */
  @ApiProperty({ type: 'integer' })
  user_count!: number;

  /** Members who used at least one of the role's entitlements in the last 90 days, and those whose usage is unknown.
   * @example 8
   */
  @ApiProperty({ type: 'integer' })
  active_user_count!: number;

  /** Members of whom there is no usage data at all; they count as active.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  unknown_user_count!: number;

  /** The same by entitlement of the role. */
  entitlement_usage!: EntitlementUsageDto[];

  /** Whether utilisation is more than 0.05 above or below the latest calculation at least 7 days older. */
  @ApiProperty({ enum: TREND_DIRECTIONS, enumName: 'TrendDirection' })
  trend_direction!: TrendDirection;

  /** When it was calculated. */
  @ApiProperty({ format: 'date-time' })
  calculated_at!: string;
}

export class MetricsCalculationDto {
  /** How many roles were calculated.
   * @example 120
   */
  @ApiProperty({ type: 'integer' })
  roles_calculated!: number;

  /** The time that their metrics bear. */
  @ApiProperty({ format: 'date-time' })
  calculated_at!: string;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SCENARIO_TYPES, type ScenarioType } from '../scenario.js';
import { SIMULATION_STATUSES, type SimulationStatus } from '../simulation-status.js';

/** The changes as they were given: fields that were not are left out. */
export class StoredSimulationChangesDto {
  /** As given as `change_type` or `type`.
   * @example 'add_role'
   */
  change_type?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  role_id?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  entitlement_id?: string;

  @ApiPropertyOptional({ type: [String], format: 'uuid' })
  entitlement_ids?: string[];

  /** At most the first 1,000. */
  @ApiPropertyOptional({ type: [String], format: 'uuid', maxItems: 1000 })
  user_ids?: string[];

  /** There and true when there are more users than `user_ids` shows. */
  user_ids_truncated?: boolean;

  /** Of the role to be added.
   * @example 'Accounts payable'
   */
  role_name?: string;

  /** Of the role to be added.
   * @example 'Who books and pays invoices'
   */
  role_description?: string;
}

/** What one user gains or loses. */
export class UserAccessDifferenceDto {
  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids!: string[];
}

/** What users gain or lose, counted over all of them, and shown for the first. */
export class AccessDifferenceDto {
  /** Users who gain or lose something, in all.
   * @example 12
   */
  @ApiProperty({ type: 'integer' })
  user_count!: number;

  /** Pairs of user and entitlement, in all.
   * @example 24
   */
  @ApiProperty({ type: 'integer' })
  assignment_count!: number;

  /** By user, sorted: at most the first 1,000 users, and the first 10,000 entitlements over them. */
  users!: UserAccessDifferenceDto[];

  /** Whether there is more than `users` shows. */
  truncated!: boolean;
}

/** A change of the role model, tried before it is made. */
export class SimulationDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  tenant_id!: string;

  /** As given at creation, trimmed.
   * @example 'A role for accounts payable'
   */
  name!: string;

  /** The kind of change. */
  @ApiProperty({ enum: SCENARIO_TYPES, enumName: 'ScenarioType' })
  scenario_type!: ScenarioType;

  /** The existing role that is changed or removed. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  target_role_id!: string | null;

  changes!: StoredSimulationChangesDto;

  /** `draft` until it is executed, which tells its impact, then `executed`; ends as `applied` or `cancelled`. */
  @ApiProperty({ enum: SIMULATION_STATUSES, enumName: 'SimulationStatus' })
  status!: SimulationStatus;

  /** Users whose effective access differs afterwards, sorted: at most the first 1,000; none before it is executed. */
  @ApiProperty({ type: [String], format: 'uuid', maxItems: 1000 })
  affected_users!: string[];

  /** How many there are in all.
   * @example 12
   */
  @ApiProperty({ type: 'integer' })
  affected_user_count!: number;

  /** Whether there are more affected users than `affected_users` shows. */
  affected_users_truncated!: boolean;

  /** What users come to hold. What they hold already in another way is not gained. */
  access_gained!: AccessDifferenceDto;

  /** What users cease to hold. What they still hold in another way is not lost. */
  access_lost!: AccessDifferenceDto;

  /** The role that applying `add_role` made; null otherwise. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  created_role_id!: string | null;

  /** The administrator who applied it; null before. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  applied_by!: string | null;

  /** When that was; null before. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  applied_at!: string | null;

  /** The administrator who created it. */
  @ApiProperty({ format: 'uuid' })
  created_by!: string;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

import { ApiProperty } from '@nestjs/swagger';
import { SUGGESTION_STATUSES, type SuggestionStatus } from '../suggestion-status.js';

/** Two existing roles whose entitlements overlap. */
export class ConsolidationSuggestionDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  /** The larger role; on a tie the one with the lower id. */
  @ApiProperty({ format: 'uuid' })
  role_a_id!: string;

  @ApiProperty({ format: 'uuid' })
  role_b_id!: string;

  /** Shared entitlements ÷ entitlements of both, in percent. */
  overlap_percent!: number;

  /** Shared entitlements ÷ entitlements of the smaller role, in percent. */
  containment_percent!: number;

  /** Shared members ÷ members of both, in percent. */
  member_overlap_percent!: number;

  /** Entitlements of both roles. */
  @ApiProperty({ type: [String], format: 'uuid' })
  shared_entitlements!: string[];

  /** Entitlements of the first role only. */
  @ApiProperty({ type: [String], format: 'uuid' })
  unique_to_a!: string[];

  /** Entitlements of the second role only. */
  @ApiProperty({ type: [String], format: 'uuid' })
  unique_to_b!: string[];

  /** `pending` until somebody decides about it. */
  @ApiProperty({ enum: SUGGESTION_STATUSES, enumName: 'ConsolidationSuggestionStatus' })
  status!: SuggestionStatus;

  /** Why it was dismissed, if that was said. */
  dismissed_reason!: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

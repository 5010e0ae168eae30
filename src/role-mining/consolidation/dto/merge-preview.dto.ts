import { ApiProperty } from '@nestjs/swagger';
import { SodViolationDto } from '../../sod/dto/sod-violation.dto.js';

export class AccessGainedDto {
  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  /** What the user does not hold now, in any way. */
  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids!: string[];
}

/** What merging role B into role A would change now. Nobody loses anything. */
export class MergePreviewDto {
  @ApiProperty({ format: 'uuid' })
  suggestion_id!: string;

  /** The role that stays, with all entitlements and members of both. */
  @ApiProperty({ format: 'uuid' })
  role_a_id!: string;

  /** The role that is retired. */
  @ApiProperty({ format: 'uuid' })
  role_b_id!: string;

  /** Entitlements of the merged role. */
  @ApiProperty({ type: 'integer', example: 12 })
  entitlement_count!: number;

  /** Members of the merged role. */
  @ApiProperty({ type: 'integer', example: 40 })
  member_count!: number;

  /** Users who gain anything. */
  @ApiProperty({ type: 'integer', example: 3 })
  affected_user_count!: number;

  /** What they gain: at most the first 1,000 users. */
  @ApiProperty({ type: [AccessGainedDto], maxItems: 1000 })
  access_gained!: AccessGainedDto[];

  /** Pairs of a user and a gained entitlement, of all affected users. */
  @ApiProperty({ type: 'integer', example: 5 })
  access_gained_total!: number;

  /** Separation-of-duties rules that the gained access would violate. */
  sod_violations!: SodViolationDto[];

  /** What a merge has to be sent with: it stands for exactly this impact.
   * @example '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
   */
  impact_hash!: string;
}

import { ApiProperty } from '@nestjs/swagger';

/** Entitlements that occur together: no further entitlement is held by all users who hold these. */
export class AccessPatternDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids!: string[];

  /** Users whose access contains the pattern. */
  @ApiProperty({ type: 'integer' })
  frequency!: number;

  /** The same as `frequency`. */
  @ApiProperty({ type: 'integer' })
  user_count!: number;

  /** Users whose access is exactly the pattern. */
  @ApiProperty({ type: 'integer' })
  exact_user_count!: number;

  /** Up to ten of the users. */
  @ApiProperty({ type: [String], format: 'uuid', maxItems: 10 })
  sample_user_ids!: string[];

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

import { ApiProperty } from '@nestjs/swagger';

/** The latest decision about a set of entitlements. */
export class CandidateDecisionDto {
  /** What was decided. */
  @ApiProperty({ enum: ['promoted', 'dismissed'], enumName: 'CandidateDecision' })
  decision!: 'promoted' | 'dismissed';

  /** Why, if that was said. */
  reason!: string | null;

  /** The role that was made; it may have gone since. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  role_id!: string | null;

  /** The candidate that was decided about; it goes with its job. */
  @ApiProperty({ format: 'uuid' })
  candidate_id!: string;

  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  /** The administrator who decided. */
  @ApiProperty({ format: 'uuid' })
  decided_by!: string;

  /** When that was. */
  @ApiProperty({ format: 'date-time' })
  decided_at!: string;
}

import { ApiProperty } from '@nestjs/swagger';

/** A user who holds every entitlement of a candidate. */
export class CandidateMemberDto {
  @ApiProperty({ format: 'uuid' })
  candidate_id!: string;

  /** The candidate's. */
  proposed_name!: string;

  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  /** Whether the proposed role set gives this user the role; others reach the same access by other candidates. */
  is_assigned!: boolean;
}

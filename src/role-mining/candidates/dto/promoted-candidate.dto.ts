import { ApiProperty } from '@nestjs/swagger';
import { SodViolationDto } from '../../sod/dto/sod-violation.dto.js';
import { RoleCandidateDto } from './candidate.dto.js';

/** What a promotion did. */
export class PromotionDto {
  @ApiProperty({ format: 'uuid' })
  role_id!: string;

  /** Roles that it inherits from. */
  @ApiProperty({ type: [String], format: 'uuid' })
  junior_role_ids!: string[];

  /** Candidates that were promoted with it, as it inherits from them; each got its proposed name. */
  @ApiProperty({ type: [String], format: 'uuid' })
  promoted_junior_candidate_ids!: string[];

  /** Members who got the role. */
  @ApiProperty({ type: 'integer', example: 12 })
  assigned_member_count!: number;

  /** Members at the time of the run who have lost some of the access since, and did not get the role. */
  @ApiProperty({ type: 'integer', example: 0 })
  left_out_member_count!: number;

  /** Direct assignments that the role made redundant and that were removed. */
  @ApiProperty({ type: 'integer', example: 36 })
  removed_assignment_count!: number;

  /** Users whose effective access has changed: always 0, a promotion that would change it is refused. */
  @ApiProperty({ type: 'integer', example: 0 })
  changed_access_count!: number;

  /** Separation-of-duties rules that the role breaks, let through by `override_reason`. */
  overridden_violations!: SodViolationDto[];
}

export class PromotedCandidateDto extends RoleCandidateDto {
  /** What the promotion did; in this answer only. */
  promotion!: PromotionDto;
}

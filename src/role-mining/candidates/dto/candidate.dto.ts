import { ApiProperty } from '@nestjs/swagger';
import { PROMOTION_STATUSES, type PromotionStatus } from '../promotion-status.js';
import { SodViolationDto } from '../../sod/dto/sod-violation.dto.js';
import { CandidateDecisionDto } from './candidate-decision.dto.js';
import { CandidateExplanationDto } from './candidate-explanation.dto.js';

/** A role that the organisation could have. */
export class RoleCandidateDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  /** Generated from what its entitlements and members have in common; unique within the job.
   * @example 'Finance · SAP payables'
   */
  proposed_name!: string;

  /**
   * How well the weakest of its entitlements follows from the others: whichever entitlement is taken away, at least this
   * share of the users who hold the rest holds it too. With one entitlement: its share of all users.
   * @example 0.95
   */
  @ApiProperty({ minimum: 0, maximum: 1 })
  confidence_score!: number;

  /** Users who hold every entitlement of the candidate. */
  @ApiProperty({ type: 'integer' })
  member_count!: number;

  /** Members to whom the proposed role set gives this role; the others reach the same access by other candidates. */
  @ApiProperty({ type: 'integer' })
  assigned_member_count!: number;

  /** The existing role that this candidate only adds to or narrows; null otherwise. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  existing_role_id!: string | null;

  /** Everything that whoever has the role can do with it, inherited or not. */
  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids!: string[];

  /** Those of them that it grants itself; all of them unless the service mines hierarchies. */
  @ApiProperty({ type: [String], format: 'uuid' })
  own_entitlement_ids!: string[];

  /** Those of them that its juniors give. */
  @ApiProperty({ type: [String], format: 'uuid' })
  inherited_entitlement_ids!: string[];

  /** Candidates of the same job that it inherits from; empty unless the service mines hierarchies. */
  @ApiProperty({ type: [String], format: 'uuid' })
  junior_candidate_ids!: string[];

  /** Roles that exist already and that it inherits from. */
  @ApiProperty({ type: [String], format: 'uuid' })
  junior_role_ids!: string[];

  /** The members, sorted: at most the first 1,000. */
  @ApiProperty({ type: [String], format: 'uuid', maxItems: 1000 })
  user_ids!: string[];

  /** Whether there are more members than `user_ids` shows; the members call has them all. */
  user_ids_truncated!: boolean;

  /** `pending` until somebody decides about it. */
  @ApiProperty({ enum: PROMOTION_STATUSES, enumName: 'PromotionStatus' })
  promotion_status!: PromotionStatus;

  /** The role that was made of it. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  promoted_role_id!: string | null;

  /** Why it was dismissed, if that was said. */
  dismissed_reason!: string | null;

  /** Separation-of-duties rules that its entitlements break by themselves: whoever got the role would. */
  sod_violations!: SodViolationDto[];

  /** What was decided about the same entitlements in an earlier run; null when nothing was, and once this one is decided. */
  @ApiProperty({ type: () => CandidateDecisionDto, nullable: true })
  decided_before!: CandidateDecisionDto | null;

  explanation!: CandidateExplanationDto;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

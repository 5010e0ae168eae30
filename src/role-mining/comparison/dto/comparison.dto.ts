import { ApiProperty } from '@nestjs/swagger';
import { PageDto } from '../../../common/paging/page.dto.js';
import { CandidateDecisionDto } from '../../candidates/dto/candidate-decision.dto.js';
import { PROMOTION_STATUSES, type PromotionStatus } from '../../candidates/promotion-status.js';
import { CANDIDATE_CHANGES, type CandidateChange } from '../compare-candidates.js';

/** One side of a comparison. */
export class ComparedCandidateDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** @example 'Finance · SAP payables' */
  @ApiProperty({ description: 'Its proposed name.' })
  proposed_name!: string;

  /** Users who held all of its entitlements at the time of its run. */
  @ApiProperty({ type: 'integer', example: 12 })
  member_count!: number;

  /** What has been decided about it. */
  @ApiProperty({ enum: PROMOTION_STATUSES, enumName: 'PromotionStatus' })
  promotion_status!: PromotionStatus;
}

export class ComparisonItemDto {
  /** `stayed`: the same entitlements; `changed`: at least half of both shared, best match; otherwise `appeared` or `vanished`. */
  @ApiProperty({ enum: CANDIDATE_CHANGES, enumName: 'CandidateChange' })
  change!: CandidateChange;

  /** Shared entitlements ÷ entitlements of both (Jaccard); 0 without a counterpart. */
  @ApiProperty({ minimum: 0, maximum: 1, example: 0.8 })
  similarity!: number;

  /** Of the later job; null when it has vanished. */
  @ApiProperty({ type: () => ComparedCandidateDto, nullable: true })
  candidate!: ComparedCandidateDto | null;

  /** Of the job that is compared with; null when it has appeared. */
  @ApiProperty({ type: () => ComparedCandidateDto, nullable: true })
  earlier_candidate!: ComparedCandidateDto | null;

  /** Entitlements that only the later one has. */
  @ApiProperty({ type: [String], format: 'uuid' })
  added_entitlements!: string[];

  /** Entitlements that only the earlier one has. */
  @ApiProperty({ type: [String], format: 'uuid' })
  removed_entitlements!: string[];

  /** The latest decision about these entitlements, in whichever run; decisions outlive their jobs. */
  @ApiProperty({ type: () => CandidateDecisionDto, nullable: true })
  decision!: CandidateDecisionDto | null;
}

/** How many candidates of either job. */
export class ComparisonCountsDto {
  /** Candidates of the later job without a counterpart. */
  @ApiProperty({ type: 'integer', example: 2 })
  appeared!: number;

  /** Pairs that are alike, and not the same. */
  @ApiProperty({ type: 'integer', example: 3 })
  changed!: number;

  /** Pairs with the same entitlements. */
  @ApiProperty({ type: 'integer', example: 40 })
  stayed!: number;

  /** Candidates of the earlier job without a counterpart. */
  @ApiProperty({ type: 'integer', example: 1 })
  vanished!: number;
}

export class ComparisonDto extends PageDto(ComparisonItemDto) {
  /** Of all candidates, whatever the filter. */
  counts!: ComparisonCountsDto;
}

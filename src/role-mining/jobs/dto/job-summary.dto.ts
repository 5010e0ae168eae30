import { ApiProperty } from '@nestjs/swagger';

/** So many of the strongest roles explain so much of all access. */
export class UnderCoverPointDto {
  /** Share of all assignments.
   * @example 80
   */
  @ApiProperty({ type: 'integer' })
  coverage_percent!: number;

  /** Null when the roles never reach it. */
  @ApiProperty({ type: 'integer', nullable: true })
  role_count!: number | null;
}

/** A role set that the search met: so many roles, so much complexity. */
export class TradeOffPointDto {
  /** Roles in it. */
  @ApiProperty({ type: 'integer' })
  role_count!: number;

  /** Weighted structural complexity. */
  @ApiProperty({ type: 'integer' })
  wsc!: number;
}

/** Milliseconds of a job's parts. */
export class MiningDurationsDto {
  /** Reading the access graph. */
  @ApiProperty({ type: 'integer' })
  load!: number;

  /** Patterns, roles, privileges and overlaps. */
  @ApiProperty({ type: 'integer' })
  mine!: number;

  /** Writing the results. */
  @ApiProperty({ type: 'integer' })
  save!: number;
}

/** How a job came to its result. */
export class MiningJobSummaryDto {
  /** Version of the mining engine. */
  engine_version!: string;

  /** The same data, parameters, seed and engine version give the same candidates. */
  @ApiProperty({ type: 'integer' })
  seed!: number;

  /** When the access graph was read; changes after that are not in the result. */
  @ApiProperty({ format: 'date-time' })
  snapshot_at!: string;

  /** Hash of what was read: equal hashes mean equal data. */
  snapshot_hash!: string;

  /** Users who hold anything or nothing, in the snapshot. */
  @ApiProperty({ type: 'integer' })
  users!: number;

  /** Entitlements that somebody or nobody holds, in the snapshot. */
  @ApiProperty({ type: 'integer' })
  entitlements!: number;

  /** Pairs of user and entitlement that are held, by whatever way. */
  @ApiProperty({ type: 'integer' })
  assignments!: number;

  /** Assignments that the proposed roles explain. */
  @ApiProperty({ type: 'integer' })
  covered_assignments!: number;

  /** The same as a share of all, 0 to 100. */
  coverage_percent!: number;

  /** Assignments that stay direct. */
  @ApiProperty({ type: 'integer' })
  direct_assignments!: number;

  /** Roles in the proposed set, those that exist already included. */
  @ApiProperty({ type: 'integer' })
  role_count!: number;

  /** Weighted structural complexity with every assignment direct: one for each. */
  @ApiProperty({ type: 'integer' })
  wsc_before!: number;

  /** Weighted structural complexity of the proposal: roles + user assignments + permission assignments + inheritances + direct assignments. */
  @ApiProperty({ type: 'integer' })
  wsc_after!: number;

  /**
   * What is counted in the complexity: `with_direct` (direct assignments cost one each), `flat` (roles alone) or `hierarchy`
   * (inheritances cost one each as well). A lower bound of one says nothing about another.
   */
  cost_model!: string;

  /** No role set can have a smaller complexity; null when no bound was computed. */
  @ApiProperty({ type: 'integer', nullable: true })
  lower_bound!: number | null;

  /** How far the proposal lies above the bound at most, in percent of the bound; null without a bound. */
  gap_percent!: number | null;

  /** Why no bound was computed; null with one. */
  bound_reason!: string | null;

  /** Whether the proposal is proven to be the simplest possible. */
  proven_optimal!: boolean;

  /** `exact`, `search`, or `fast` for large data. */
  mode!: string;

  /** Why another mode than the usual was taken; null otherwise. */
  mode_reason!: string | null;

  /** What ended the search: `proven`, `converged`, `steps` or `time`. Only after `time` may a repetition differ. */
  stopped_by!: string;

  /** Steps that the search took; its budget is counted in them. */
  @ApiProperty({ type: 'integer' })
  steps!: number;

  /** Inheritances between the proposed roles; 0 unless the service mines hierarchies. */
  @ApiProperty({ type: 'integer' })
  role_hierarchy_edges!: number;

  /** What fewer roles would cost: of all role sets that the search met, those that none with as few roles is simpler than. */
  trade_off!: TradeOffPointDto[];

  /** Where to stop: roles needed for 80, 90, 95, 99 and 100 percent. */
  under_cover_curve!: UnderCoverPointDto[];

  /** Access patterns kept: those with the largest area. */
  @ApiProperty({ type: 'integer' })
  pattern_count!: number;

  /** Grants that look as if they had been forgotten: at most 5,000 are kept for review. */
  @ApiProperty({ type: 'integer' })
  suspected_missing_count!: number;

  /** Grants that look as if they had been given by mistake: at most 5,000 are kept for review. */
  @ApiProperty({ type: 'integer' })
  suspected_extra_count!: number;

  /** Whether more than 10,000 pairs of roles overlap, of which the strongest are kept. */
  suggestions_truncated!: boolean;

  duration_ms!: MiningDurationsDto;
}

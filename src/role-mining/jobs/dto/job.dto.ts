import { ApiProperty } from '@nestjs/swagger';
import { WAITING_REASONS, type WaitingReason } from '../job-queue.js';
import { MINING_JOB_STATUSES, type MiningJobStatus } from '../job-status.js';
import { MiningJobSummaryDto } from './job-summary.dto.js';

/** The parameters that a job was created with, completed by the defaults. */
export class CompleteMiningJobParametersDto {
  /** Users who share a pattern, at least. */
  @ApiProperty({ type: 'integer', example: 3 })
  min_users!: number;

  /** Entitlements in a pattern, at least. */
  @ApiProperty({ type: 'integer', example: 2 })
  min_entitlements!: number;

  /** Confidence score of a candidate, at least: 0 to 1.
   * @example 0.6
   */
  confidence_threshold!: number;

  /** Whether people with more access than their peers are looked for. */
  include_excessive_privilege!: boolean;

  /** Whether existing roles that overlap are looked for. */
  include_consolidation!: boolean;

  /** Overlap in percent from which merging two roles is suggested.
   * @example 70
   */
  consolidation_threshold!: number;

  /** Percent above the peer average from which a user is flagged.
   * @example 50
   */
  deviation_threshold!: number;

  /** User attribute that makes people peers; null compares everybody with everybody. */
  peer_group_attribute!: string | null;
}

export class MiningJobDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  tenant_id!: string;

  /** As given at creation, trimmed.
   * @example 'Quarterly role mining'
   */
  name!: string;

  /** `pending` until it is run, then `running`; ends as `completed`, `failed` or `cancelled`. */
  @ApiProperty({ enum: MINING_JOB_STATUSES, enumName: 'MiningJobStatus' })
  status!: MiningJobStatus;

  parameters!: CompleteMiningJobParametersDto;

  /** 0 to 100; 100 only when completed, never backwards, kept where it was on failure and cancellation. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100 })
  progress_percent!: number;

  /** Role candidates found; 0 unless completed. */
  @ApiProperty({ type: 'integer' })
  candidate_count!: number;

  /** Users flagged; 0 unless completed. */
  @ApiProperty({ type: 'integer' })
  excessive_privilege_count!: number;

  /** Pairs of overlapping roles found; 0 unless completed. */
  @ApiProperty({ type: 'integer' })
  consolidation_suggestion_count!: number;

  /** When it was run. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  started_at!: string | null;

  /** When it completed, failed or was cancelled. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at!: string | null;

  /** Why it failed; null otherwise. */
  error_message!: string | null;

  /** The administrator who created it. */
  @ApiProperty({ format: 'uuid' })
  created_by!: string;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  /** When anything about it last changed. */
  @ApiProperty({ format: 'date-time' })
  updated_at!: string;

  /** How it came to its result; null until completed. */
  @ApiProperty({ type: () => MiningJobSummaryDto, nullable: true })
  summary!: MiningJobSummaryDto | null;

  /** Its place in the queue while it is running and waits for a worker: 1 is next. Null otherwise. */
  @ApiProperty({ type: 'integer', nullable: true, minimum: 1 })
  queue_position!: number | null;

  /**
   * Why nobody works on a running job: `workers_busy`, it waits for its turn; `worker_lost`, its worker has not been heard
   * from for some seconds and another one will begin anew; `no_worker`, no worker process is alive and the job waits until
   * one is started. Null while nothing keeps it waiting.
   */
  @ApiProperty({ type: String, enum: WAITING_REASONS, nullable: true })
  waiting_reason!: WaitingReason | null;
}

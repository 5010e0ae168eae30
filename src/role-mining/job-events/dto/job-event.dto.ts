import { ApiProperty } from '@nestjs/swagger';
import { WAITING_REASONS, type WaitingReason } from '../../jobs/job-queue.js';
import { MINING_JOB_STATUSES, type MiningJobStatus } from '../../jobs/job-status.js';
import { RUN_PHASES } from '../../jobs/run-phase.js';

export const JOB_EVENT_PHASES = ['queued', ...RUN_PHASES] as const;

/** The data of an event: what the job is like at a revision. Two of the same revision differ in `waiting_reason`. */
export class JobEventDto {
  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  /** The event is `progress` while the job is pending or running, `ended` afterwards. */
  @ApiProperty({ enum: MINING_JOB_STATUSES, enumName: 'MiningJobStatus' })
  status!: MiningJobStatus;

  /** What a running job is at: waiting for a worker, then the parts of its run in this order. Null when it does not run. */
  @ApiProperty({ enum: JOB_EVENT_PHASES, enumName: 'MiningJobPhase', nullable: true })
  phase!: (typeof JOB_EVENT_PHASES)[number] | null;

  /**
   * Why nobody works on a running job: `workers_busy`, it waits for its turn; `worker_lost`, its worker has not been heard
   * from for some seconds and another one will begin anew; `no_worker`, no worker process is alive. Null otherwise.
   */
  @ApiProperty({ type: String, enum: WAITING_REASONS, nullable: true })
  waiting_reason!: WaitingReason | null;

  /** 0 to 100; never backwards. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100 })
  progress_percent!: number;

  /** Roles of the least complex role set so far, of the result when the job has completed; null before there is one. */
  @ApiProperty({ type: 'integer', nullable: true })
  best_role_count!: number | null;

  /** Its weighted structural complexity; never more than before while the job runs. */
  @ApiProperty({ type: 'integer', nullable: true })
  best_complexity!: number | null;

  /** Role candidates found; 0 unless completed. */
  @ApiProperty({ type: 'integer' })
  candidate_count!: number;

  /** Users flagged; 0 unless completed. */
  @ApiProperty({ type: 'integer' })
  excessive_privilege_count!: number;

  /** Pairs of overlapping roles found; 0 unless completed. */
  @ApiProperty({ type: 'integer' })
  consolidation_suggestion_count!: number;

  /** Why the job failed; null otherwise. */
  error_message!: string | null;

  @ApiProperty({ format: 'date-time' })
  updated_at!: string;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MiningJobParameters } from './job-parameters.js';
import type { MiningJobStatus } from './job-status.js';
import type { MiningJobSummary } from './job-summary.js';
import type { RunPhase } from './run-phase.js';

@Entity('role_mining_job')
export class MiningJob {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  status!: MiningJobStatus;

  @Column('jsonb')
  parameters!: MiningJobParameters;

  @Column('integer', { name: 'progress_percent' })
  progressPercent!: number;

  @Column('integer', { name: 'candidate_count' })
  candidateCount!: number;

  @Column('integer', { name: 'excessive_privilege_count' })
  excessivePrivilegeCount!: number;

  @Column('integer', { name: 'consolidation_suggestion_count' })
  consolidationSuggestionCount!: number;

  @Column('jsonb', { nullable: true })
  summary!: MiningJobSummary | null;

  @Column('text', { name: 'error_message', nullable: true })
  errorMessage!: string | null;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt!: Date | null;

  /** The worker's run that may write to this job; null while none has taken it. */
  @Column('uuid', { name: 'claim_id', nullable: true })
  claimId!: string | null;

  /** Counts the changes of the row; the database does (see the migration "live progress"). */
  @Column({ type: 'integer', insert: false, update: false })
  revision!: number;

  /** The part of the run at which `progressPercent` was reached; null before the first report. */
  @Column('text', { nullable: true })
  phase!: RunPhase | null;

  /** The least complex role set so far, that of the result once completed; null before there is any. */
  @Column('integer', { name: 'best_role_count', nullable: true })
  bestRoleCount!: number | null;

  @Column('integer', { name: 'best_complexity', nullable: true })
  bestComplexity!: number | null;

  @Column('uuid', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

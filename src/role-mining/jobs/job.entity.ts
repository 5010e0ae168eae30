import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MiningJobParameters } from './job-parameters.js';
import type { MiningJobStatus } from './job-status.js';
import type { MiningJobSummary } from './job-summary.js';

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

  @Column('uuid', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

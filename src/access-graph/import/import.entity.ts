import type { AccessFilePart } from '../../access-files/access-file.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ImportCounts } from './import-counts.js';
import type { ImportFault } from './import-faults.js';
import type { ImportMode } from './import-parts.js';
import type { ExcessiveRemoval } from './removals.js';

export const IMPORT_STATUSES = ['running', 'completed', 'failed'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** Why an import failed. */
export interface ImportFailure {
  readonly message: string;
  /** What is wrong with the files: the first hundred. */
  readonly errors: readonly ImportFault[];
  readonly errorCount: number;
  /** What it would have removed, when that was too much. */
  readonly removals: readonly ExcessiveRemoval[];
}

@Entity('access_import')
export class AccessImport {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mode!: ImportMode;

  @Column('boolean', { name: 'dry_run' })
  dryRun!: boolean;

  @Column('double precision', { name: 'max_removed_percent' })
  maxRemovedPercent!: number;

  @Column('text', { array: true })
  parts!: AccessFilePart[];

  @Column('text')
  status!: ImportStatus;

  @Column('integer', { name: 'progress_percent' })
  progressPercent!: number;

  @Column('jsonb', { nullable: true })
  counts!: ImportCounts | null;

  @Column('jsonb', { nullable: true })
  failure!: ImportFailure | null;

  /** Null when no person started it. */
  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt!: Date | null;
}

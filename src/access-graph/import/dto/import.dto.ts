import { ApiProperty } from '@nestjs/swagger';
import { ACCESS_FILE_PARTS, type AccessFilePart } from '../../../access-files/access-file.js';
import { IMPORT_STATUSES, type ImportStatus } from '../import.entity.js';
import { IMPORT_MODES, type ImportMode } from '../import-parts.js';

export class ChangeCountsDto {
  /** Rows that were not there before. */
  @ApiProperty({ type: 'integer' })
  added!: number;

  /** Rows that were there and said something else. */
  @ApiProperty({ type: 'integer' })
  updated!: number;

  /** Rows that are no longer there. */
  @ApiProperty({ type: 'integer' })
  removed!: number;

  /** In the whole graph afterwards, what was not imported included. */
  @ApiProperty({ type: 'integer' })
  total!: number;
}

/** A rule of separation of duties that somebody breaks. */
export class BrokenRuleDto {
  @ApiProperty({ format: 'uuid' })
  rule_id!: string;

  /** @example 'Create and pay vendors' */
  @ApiProperty({ description: 'Name of the rule.' })
  rule_name!: string;

  /** How many users break it. */
  @ApiProperty({ type: 'integer', example: 3 })
  user_count!: number;
}

/** What an import has changed; of a dry run, what it would change. */
export class ImportCountsDto {
  users!: ChangeCountsDto;

  entitlements!: ChangeCountsDto;

  /** Updated are those that were used later than was known, or were granted otherwise and are imported from now on. */
  assignments!: ChangeCountsDto;

  roles!: ChangeCountsDto;

  role_entitlements!: ChangeCountsDto;

  role_members!: ChangeCountsDto;

  /** Rows that repeat another; each counts once. */
  @ApiProperty({ type: 'integer' })
  duplicates_ignored!: number;

  /** From the first byte of the files on disk to the end. */
  @ApiProperty({ type: 'integer' })
  duration_ms!: number;

  /** Separation-of-duties rules that somebody breaks after the import; null for a dry run, and for imports before there were rules. */
  @ApiProperty({ type: [BrokenRuleDto], nullable: true })
  sod_violations!: BrokenRuleDto[] | null;
}

export class ImportErrorDto {
  /** Name of the file as it was sent. */
  file!: string;

  /** From 1; null when the fault is of the file as a whole. */
  @ApiProperty({ type: 'integer', nullable: true })
  line!: number | null;

  /** What is wrong and what is expected. */
  message!: string;
}

export class ExcessiveRemovalDto {
  /** What would be removed.
   * @example 'assignments'
   */
  part!: string;

  /** Imported rows there are. */
  @ApiProperty({ type: 'integer' })
  existing!: number;

  /** Imported rows that would have been removed. */
  @ApiProperty({ type: 'integer' })
  removed!: number;

  /** The share of the two, in percent. */
  removed_percent!: number;
}

export class AccessImportDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** Whether it replaced what had been imported before, or added to it. */
  @ApiProperty({ enum: IMPORT_MODES, enumName: 'ImportMode' })
  mode!: ImportMode;

  /** Whether it only says what would change. */
  dry_run!: boolean;

  /** Share of a part in percent that it was allowed to remove. */
  max_removed_percent!: number;

  /** The parts that were sent. */
  @ApiProperty({ enum: ACCESS_FILE_PARTS, enumName: 'ImportPart', isArray: true })
  parts!: AccessFilePart[];

  /** `running` until it is `completed` or has `failed`, with nothing changed. */
  @ApiProperty({ enum: IMPORT_STATUSES, enumName: 'ImportStatus' })
  status!: ImportStatus;

  /** 0 to 100; 100 only when completed, kept where it was on failure. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100 })
  progress_percent!: number;

  /** Null until completed. */
  @ApiProperty({ type: () => ImportCountsDto, nullable: true })
  counts!: ImportCountsDto | null;

  /** Why it failed; null otherwise. */
  error_message!: string | null;

  /** What is wrong with the files: the first 100. */
  errors!: ImportErrorDto[];

  /** How many errors there are in all. */
  @ApiProperty({ type: 'integer' })
  error_count!: number;

  /** What it would have removed, when that was more than it may. */
  removals!: ExcessiveRemovalDto[];

  /** The administrator who started it; null when a module or a command did. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  created_by!: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({ format: 'date-time' })
  updated_at!: string;

  /** When it completed or failed. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at!: string | null;
}

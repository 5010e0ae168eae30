import { ApiProperty } from '@nestjs/swagger';
import { AUDIT_FAULT_KINDS, type AuditFaultKind } from '../audit-chain.js';

export class AuditChainFaultDto {
  /** Number of the event at which it shows. */
  @ApiProperty({ type: 'integer', example: 17 })
  sequence!: number;

  /** Its content is not what was written; it does not follow the event before it; what should follow it is missing. */
  @ApiProperty({ enum: AUDIT_FAULT_KINDS, enumName: 'AuditFaultKind' })
  fault!: AuditFaultKind;
}

/** Whether the trail is whole. */
export class AuditVerificationDto {
  /** Whether no fault was found. */
  is_whole!: boolean;

  /** Events that are kept. */
  @ApiProperty({ type: 'integer', example: 1042 })
  event_count!: number;

  /** Number of the oldest event that is kept; older ones have been removed for their age. */
  @ApiProperty({ type: 'integer', nullable: true, example: 1 })
  first_sequence!: number | null;

  /** Number of the newest event. */
  @ApiProperty({ type: 'integer', nullable: true, example: 1042 })
  last_sequence!: number | null;

  /** Hash of the newest event, in hexadecimal digits: kept elsewhere, it shows later whether the trail up to here is the same. */
  head_hash!: string | null;

  /** At most the first 100. */
  faults!: AuditChainFaultDto[];
}

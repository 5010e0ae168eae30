import { ApiProperty } from '@nestjs/swagger';
import { PageDto } from '../../common/paging/page.dto.js';
import { AUDIT_ACTIONS, AUDIT_OBJECT_TYPES, type AuditAction, type AuditObjectType } from '../audit-actions.js';
import { AUDIT_OUTCOMES, type AuditOutcome } from '../audit-events.service.js';
import { AUDIT_ACTOR_KINDS, type AuditActorKind } from '../audit-trail.js';

/** How an attempt was refused. */
export class AuditRefusalDto {
  /** The HTTP status of the answer. */
  @ApiProperty({ type: 'integer', example: 409 })
  status!: number;

  /** The sentence of the answer. */
  detail!: string;
}

/** Something that was done or tried. */
export class AuditEventDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** Number of the event in the tenant, from 1 and without a gap, in the order of time. */
  @ApiProperty({ type: 'integer', example: 17 })
  sequence!: number;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  /** `user` through the API, `cli` at the command line, `worker` for a mining job, `module` for code of the application. */
  @ApiProperty({ enum: AUDIT_ACTOR_KINDS, enumName: 'AuditActorKind' })
  actor_kind!: AuditActorKind;

  /** The user who acted; null when no person did. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  actor_id!: string | null;

  /** What was done. */
  @ApiProperty({ enum: AUDIT_ACTIONS, enumName: 'AuditAction' })
  action!: AuditAction;

  /** Whether it was done; what was refused changed nothing. */
  @ApiProperty({ enum: AUDIT_OUTCOMES, enumName: 'AuditOutcome' })
  outcome!: AuditOutcome;

  /** What it was done to. */
  @ApiProperty({ enum: AUDIT_OBJECT_TYPES, enumName: 'AuditObjectType' })
  object_type!: AuditObjectType;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  object_id!: string | null;

  /** What it was, as far as the action changes it. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { status: 'pending' },
  })
  before!: object | null;

  /** What it has become. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { status: 'running' },
  })
  after!: object | null;

  /** The reason that the actor gave. */
  reason!: string | null;

  /** Why it was refused; null for what was done. */
  @ApiProperty({ type: () => AuditRefusalDto, nullable: true })
  refusal!: AuditRefusalDto | null;

  /** `X-Request-Id` of the call; null outside of one. */
  request_id!: string | null;

  /** Hash of the event before this one, in hexadecimal digits; empty for the first. */
  previous_hash!: string;

  /** Hash of this event, the one before included. */
  hash!: string;
}

export class AuditEventPageDto extends PageDto(AuditEventDto) {
  /** What to ask for as `before` to get the events after this page; null at the end of the trail. */
  @ApiProperty({ type: 'integer', nullable: true, example: 17 })
  next_before!: number | null;
}

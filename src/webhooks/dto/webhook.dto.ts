import { ApiProperty } from '@nestjs/swagger';
import { DOMAIN_EVENT_TYPES, type DomainEventType } from '../../domain-events/domain-event.js';

export class WebhookDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** Where messages are posted to. */
  url!: string;

  /** What it is told of. */
  @ApiProperty({ enum: DOMAIN_EVENT_TYPES, enumName: 'WebhookEventType', isArray: true })
  event_types!: DomainEventType[];

  /** When it last got a new secret; null if never. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  secret_rotated_at!: string | null;

  /** The administrator who made it. */
  @ApiProperty({ format: 'uuid' })
  created_by!: string;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

export class WebhookWithSecretDto extends WebhookDto {
  /**
   * What its messages are signed with. Shown this once: null when the answer is repeated for an Idempotency-Key.
   * @example 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
   */
  secret!: string | null;
}

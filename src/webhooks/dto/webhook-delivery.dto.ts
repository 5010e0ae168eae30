import { ApiProperty } from '@nestjs/swagger';
import { DOMAIN_EVENT_TYPES, type DomainEventType } from '../../domain-events/domain-event.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../webhook.js';

export class WebhookDeliveryDto {
  /** Also the `webhook-id` of the message, the same in every attempt. */
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  webhook_id!: string;

  /** What it tells of. */
  @ApiProperty({ enum: DOMAIN_EVENT_TYPES, enumName: 'WebhookEventType' })
  event_type!: DomainEventType;

  /** The body of the message, as it is signed. */
  payload!: string;

  /** `pending` until it is `delivered`, or given up: `dead`. */
  @ApiProperty({ enum: DELIVERY_STATUSES, enumName: 'WebhookDeliveryStatus' })
  status!: DeliveryStatus;

  /** Attempts so far; since the last redelivery, when there was one. */
  @ApiProperty({ type: 'integer' })
  attempts!: number;

  /** When it will be tried; null when it has ended. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  next_attempt_at!: string | null;

  /** When it was last tried; null before that. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_attempt_at!: string | null;

  /** The HTTP status of the last answer; null when there was none. */
  @ApiProperty({ type: 'integer', nullable: true })
  last_status!: number | null;

  /** Why the last attempt failed; null when it did not. */
  last_error!: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

import type { DomainEventType } from '../domain-events/domain-event.js';

/** Somebody's wish to be told. Its secret is in none of these: it is shown once. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly eventTypes: DomainEventType[];
  readonly secretRotatedAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** A message to a webhook; its id is the same in every attempt. */
export interface WebhookDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly eventType: DomainEventType;
  readonly payload: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
}

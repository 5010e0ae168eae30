import type { WebhookDeliveryDto } from './dto/webhook-delivery.dto.js';
import type { WebhookDto, WebhookWithSecretDto } from './dto/webhook.dto.js';
import type { Webhook, WebhookDelivery } from './webhook.js';
import type { WebhookAndSecret } from './webhooks.service.js';

export function webhookToDto(webhook: Webhook): WebhookDto {
  return {
    id: webhook.id,
    url: webhook.url,
    event_types: webhook.eventTypes,
    secret_rotated_at: webhook.secretRotatedAt?.toISOString() ?? null,
    created_by: webhook.createdBy,
    created_at: webhook.createdAt.toISOString(),
  };
}

export function webhookWithSecretToDto({ webhook, secret }: WebhookAndSecret): WebhookWithSecretDto {
  return { ...webhookToDto(webhook), secret };
}

export function deliveryToDto(delivery: WebhookDelivery): WebhookDeliveryDto {
  return {
    id: delivery.id,
    webhook_id: delivery.webhookId,
    event_type: delivery.eventType,
    payload: delivery.payload,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
    last_attempt_at: delivery.lastAttemptAt?.toISOString() ?? null,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at: delivery.createdAt.toISOString(),
  };
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DomainEvent } from '../domain-events/domain-event.js';
import { DomainEvents } from '../domain-events/domain-events.js';
import { DeliveryQueue } from './delivery-queue.js';

const KEPT_DAYS = 30;

/** Writes down, in the transaction of an event, a delivery to each webhook that wants to hear of it. */
@Injectable()
export class WebhookOutbox implements OnModuleInit {
  constructor(
    private readonly events: DomainEvents,
    private readonly queue: DeliveryQueue,
  ) {}

  onModuleInit(): void {
    this.events.addOutbox((manager, event) => this.write(manager, event));
  }

  private async write(manager: EntityManager, event: DomainEvent): Promise<void> {
    const { tenantId, type } = event;
    const deliveries = await manager.query<{ id: string; webhook_id: string }[]>(
      `INSERT INTO webhook_delivery (tenant_id, webhook_id, event_type, payload)
       SELECT tenant_id, id, $2, $3 FROM webhook WHERE tenant_id = $1 AND $2 = ANY (event_types)
       RETURNING id, webhook_id`,
      [tenantId, type, payloadOf(event)],
    );
    if (deliveries.length === 0) return;
    await manager.query(
      `DELETE FROM webhook_delivery
       WHERE tenant_id = $1 AND status <> 'pending' AND created_at < now() - make_interval(days => $2)`,
      [tenantId, KEPT_DAYS],
    );
    for (const { id, webhook_id: webhookId } of deliveries) {
      await this.queue.enqueue(manager, { tenantId, webhookId, deliveryId: id, attempt: 1 });
    }
  }
}

/** Standard Webhooks, "Payload structure", with names as on our wire. */
function payloadOf({ type, tenantId, occurredAt, data }: DomainEvent): string {
  const named = Object.entries(data).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return JSON.stringify({
    type,
    timestamp: occurredAt.toISOString(),
    data: { tenant_id: tenantId, ...(Object.fromEntries(named) as Record<string, string>) },
  });
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { ConflictError, NotFoundError } from '../common/errors/domain.error.js';
import type { PageQuery } from '../common/paging/page.query.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import { DeliveryQueue } from './delivery-queue.js';
import type { DeliveryStatus, WebhookDelivery } from './webhook.js';
import { type WebhookActor, WebhooksService } from './webhooks.service.js';

const SELECT_DELIVERY = `
  SELECT id, webhook_id AS "webhookId", event_type AS "eventType", payload, status, attempts,
    next_attempt_at AS "nextAttemptAt", last_attempt_at AS "lastAttemptAt", last_status AS "lastStatus",
    last_error AS "lastError", created_at AS "createdAt"
  FROM webhook_delivery WHERE tenant_id = $1 AND webhook_id = $2`;

/** What became of messages. Those that have been given up, the dead letters, can be sent once more. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly webhooks: WebhooksService,
    private readonly queue: DeliveryQueue,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Newest first.
   *
   * @throws NotFoundError when there is no such webhook
   */
  async listDeliveries(
    tenantId: string,
    webhookId: string,
    { status = null, limit, offset }: PageQuery & { status?: DeliveryStatus | null },
  ): Promise<{ items: WebhookDelivery[]; total: number }> {
    const wanted = '($3::text IS NULL OR status = $3)';
    return this.transaction.run(tenantId, async (manager) => {
      await this.webhooks.getWebhook(tenantId, webhookId);
      const items = await manager.query<WebhookDelivery[]>(
        `${SELECT_DELIVERY} AND ${wanted} ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5`,
        [tenantId, webhookId, status, limit, offset],
      );
      const [{ total }] = await manager.query<[{ total: number }]>(
        `SELECT count(*)::integer AS total FROM webhook_delivery WHERE tenant_id = $1 AND webhook_id = $2 AND ${wanted}`,
        [tenantId, webhookId, status],
      );
      return { items, total };
    });
  }

  /**
   * Begins anew with a delivery that has ended, under the same id.
   *
   * @throws NotFoundError
   * @throws ConflictError while it is being delivered
   */
  async redeliver(actor: WebhookActor, webhookId: string, id: string): Promise<WebhookDelivery> {
    const { tenantId } = actor;
    const find = `${SELECT_DELIVERY} AND id = $3`;
    return this.transaction.run(tenantId, async (manager) => {
      const [, affected] = await manager.query<[unknown[], number]>(
        `UPDATE webhook_delivery SET status = 'pending', attempts = 0, next_attempt_at = now()
         WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3 AND status <> 'pending'`,
        [tenantId, webhookId, id],
      );
      const [delivery] = await manager.query<WebhookDelivery[]>(find, [tenantId, webhookId, id]);
      if (delivery === undefined) throw new NotFoundError('delivery', id);
      if (affected !== 1) throw new ConflictError('The delivery is pending: it is going to be tried by itself');
      await this.queue.enqueue(manager, { tenantId, webhookId, deliveryId: id, attempt: 1 });
      await this.trail.record(manager, actor, {
        action: 'webhook_delivery.redeliver',
        objectType: 'webhook_delivery',
        objectId: id,
      });
      return delivery;
    });
  }
}

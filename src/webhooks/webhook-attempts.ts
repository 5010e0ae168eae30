import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import { VERSION } from '../version.js';
import { DeliveryQueue, type QueuedAttempt } from './delivery-queue.js';
import { secondsBeforeRetry } from './retry-schedule.js';
import { signMessage } from './webhook-secret.js';
import { DeliveryError, WebhookSender } from './webhook-sender.js';

interface PendingMessage {
  readonly url: string;
  readonly payload: string;
  readonly secret: string;
  /** Null when there is none, or it has been replaced for a day. */
  readonly previous_secret: string | null;
}

/**
 * Makes attempts to deliver. What came of one and the next one are one transaction; a process that dies in between has its
 * attempt made again, so that a message can arrive more than once, always under the same id.
 */
@Injectable()
export class WebhookAttempts {
  constructor(
    private readonly config: Config,
    private readonly transaction: TenantTransaction,
    private readonly queue: DeliveryQueue,
    private readonly sender: WebhookSender,
  ) {}

  async make(attempt: QueuedAttempt): Promise<void> {
    const message = await this.findPending(attempt);
    if (message === null) return;
    const secrets = [message.secret, message.previous_secret].filter((secret) => secret !== null);
    const headers = {
      'content-type': 'application/json',
      'user-agent': `role-mining-service/${VERSION}`,
      ...signMessage(attempt.deliveryId, new Date(), message.payload, secrets),
    };
    let status: number;
    try {
      status = await this.sender.send(message.url, headers, message.payload);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      await this.recordFailure(attempt, error);
      return;
    }
    await this.record(attempt, 'delivered', { status, message: null }, null);
  }

  /** Null when the webhook is gone, or the attempt has been made. */
  private async findPending({ tenantId, deliveryId, attempt }: QueuedAttempt): Promise<PendingMessage | null> {
    const messages = await this.transaction.run(tenantId, (manager) =>
      manager.query<PendingMessage[]>(
        `SELECT url, payload, secret,
           CASE WHEN secret_rotated_at > now() - interval '1 day' THEN previous_secret END AS previous_secret
         FROM webhook_delivery delivery JOIN webhook USING (tenant_id)
         WHERE tenant_id = $1 AND webhook.id = webhook_id AND delivery.id = $2 AND status = 'pending' AND attempts = $3`,
        [tenantId, deliveryId, attempt - 1],
      ),
    );
    return messages.at(0) ?? null;
  }

  private async recordFailure(attempt: QueuedAttempt, error: DeliveryError): Promise<void> {
    const { attempts, retrySeconds } = this.config.webhooks;
    const wait = attempt.attempt < attempts ? secondsBeforeRetry(attempt.attempt, retrySeconds, Math.random()) : null;
    await this.record(attempt, wait === null ? 'dead' : 'pending', error, wait);
  }

  /** @param wait seconds before the next attempt, null for none */
  private async record(
    attempt: QueuedAttempt,
    status: 'pending' | 'delivered' | 'dead',
    outcome: { readonly status: number | null; readonly message: string | null },
    wait: number | null,
  ): Promise<void> {
    const { tenantId, deliveryId } = attempt;
    await this.transaction.run(tenantId, async (manager) => {
      const [, affected] = await manager.query<[unknown[], number]>(
        `UPDATE webhook_delivery SET status = $4, attempts = $3, last_attempt_at = now(), last_status = $5,
           last_error = $6, next_attempt_at = now() + make_interval(secs => $7)
         WHERE tenant_id = $1 AND id = $2 AND status = 'pending' AND attempts = $3 - 1`,
        [tenantId, deliveryId, attempt.attempt, status, outcome.status, outcome.message, wait],
      );
      if (affected === 1 && wait !== null) {
        await this.queue.enqueue(manager, { ...attempt, attempt: attempt.attempt + 1 }, wait);
      }
    });
  }
}

import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Actor } from '../auth/actor.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../common/errors/domain.error.js';
import type { PageQuery } from '../common/paging/page.query.js';
import { Config } from '../config/config.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import type { DomainEventType } from '../domain-events/domain-event.js';
import { isPublicAddress } from './public-address.js';
import { newWebhookSecret } from './webhook-secret.js';
import type { Webhook } from './webhook.js';

export type WebhookActor = Pick<Actor, 'tenantId' | 'userId'>;

export interface NewWebhook {
  readonly url: string;
  readonly eventTypes: readonly DomainEventType[];
}

/** A webhook with its secret, which nobody is shown again. */
export interface WebhookAndSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** Every event is written once for each of them. */
const MAX_WEBHOOKS = 20;

const SELECT_WEBHOOK = `
  SELECT id, url, event_types AS "eventTypes", secret_rotated_at AS "secretRotatedAt", created_by AS "createdBy",
    created_at AS "createdAt"
  FROM webhook WHERE tenant_id = $1`;

/** Where a tenant wants to be told of its events. */
@Injectable()
export class WebhooksService {
  private readonly allowPrivateAddresses: boolean;

  constructor(
    config: Config,
    private readonly transaction: TenantTransaction,
    private readonly trail: AuditTrail,
  ) {
    this.allowPrivateAddresses = config.webhooks.allowPrivateAddresses;
  }

  /** Newest first. */
  async listWebhooks(tenantId: string, page: PageQuery): Promise<{ items: Webhook[]; total: number }> {
    return this.transaction.run(tenantId, async (manager) => ({
      items: await manager.query<Webhook[]>(`${SELECT_WEBHOOK} ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3`, [
        tenantId,
        page.limit,
        page.offset,
      ]),
      total: await countOf(manager, tenantId),
    }));
  }

  /** @throws NotFoundError */
  async getWebhook(tenantId: string, id: string): Promise<Webhook> {
    return this.transaction.run(tenantId, async (manager) => {
      const [webhook] = await manager.query<Webhook[]>(`${SELECT_WEBHOOK} AND id = $2`, [tenantId, id]);
      if (webhook === undefined) throw new NotFoundError('webhook', id);
      return webhook;
    });
  }

  /**
   * Hears of everything that happens from now on.
   *
   * @throws InvalidInputError for a URL that may not be called
   * @throws ConflictError when the tenant has as many as it may have
   */
  async createWebhook(actor: WebhookActor, { url, eventTypes }: NewWebhook): Promise<WebhookAndSecret> {
    const { tenantId, userId } = actor;
    const target = this.requireTarget(url);
    const secret = newWebhookSecret();
    return this.transaction.run(tenantId, async (manager) => {
      if ((await countOf(manager, tenantId)) >= MAX_WEBHOOKS) {
        throw new ConflictError(`The tenant has ${MAX_WEBHOOKS} webhooks, and can have no more`);
      }
      const [{ id }] = await manager.query<[{ id: string }]>(
        'INSERT INTO webhook (tenant_id, url, event_types, secret, created_by) VALUES ($1, $2, $3, $4, $5) RETURNING id',
        [tenantId, target, eventTypes, secret, userId],
      );
      const after = { url: target, event_types: eventTypes };
      await this.trail.record(manager, actor, {
        action: 'webhook.create',
        objectType: 'webhook',
        objectId: id,
        after,
      });
      return { webhook: await this.getWebhook(tenantId, id), secret };
    });
  }

  /**
   * Signs with a new secret from now on, and with the one before as well for a day.
   *
   * @throws NotFoundError
   */
  async rotateSecret(actor: WebhookActor, id: string): Promise<WebhookAndSecret> {
    const { tenantId } = actor;
    const secret = newWebhookSecret();
    return this.transaction.run(tenantId, async (manager) => {
      await manager.query(
        `UPDATE webhook SET previous_secret = secret, secret = $3, secret_rotated_at = now()
         WHERE tenant_id = $1 AND id = $2`,
        [tenantId, id, secret],
      );
      const webhook = await this.getWebhook(tenantId, id);
      await this.trail.record(manager, actor, {
        action: 'webhook.rotate_secret',
        objectType: 'webhook',
        objectId: id,
      });
      return { webhook, secret };
    });
  }

  /**
   * With its deliveries; what waits to be delivered is not.
   *
   * @throws NotFoundError
   */
  async deleteWebhook(actor: WebhookActor, id: string): Promise<void> {
    const { tenantId } = actor;
    await this.transaction.run(tenantId, async (manager) => {
      const { url, eventTypes } = await this.getWebhook(tenantId, id);
      await manager.query('DELETE FROM webhook WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
      await this.trail.record(manager, actor, {
        action: 'webhook.delete',
        objectType: 'webhook',
        objectId: id,
        before: { url, event_types: eventTypes },
      });
    });
  }

  /** What can be told from the URL alone; a name is looked up when it is called. */
  private requireTarget(text: string): string {
    const url = URL.parse(text);
    const fault = url === null ? 'must be a URL' : this.faultOf(url);
    if (url === null || fault !== null) {
      throw new InvalidInputError([
        { field: 'url', message: `url ${fault}, got ${JSON.stringify(text.slice(0, 100))}` },
      ]);
    }
    return url.href;
  }

  private faultOf(url: URL): string | null {
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.allowPrivateAddresses)) {
      return this.allowPrivateAddresses ? 'must begin with https:// or http://' : 'must begin with https://';
    }
    if (url.username !== '' || url.password !== '') return 'must have no user name and no password';
    if (url.hash !== '') return 'must have no fragment';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isRefused = isIP(host) !== 0 && !this.allowPrivateAddresses && !isPublicAddress(host);
    return isRefused ? 'must be at a public address' : null;
  }
}

async function countOf(manager: EntityManager, tenantId: string): Promise<number> {
  const [{ count }] = await manager.query<[{ count: number }]>(
    'SELECT count(*)::integer AS count FROM webhook WHERE tenant_id = $1',
    [tenantId],
  );
  return count;
}

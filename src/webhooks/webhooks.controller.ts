import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Audited } from '../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../auth/actor.js';
import { AdminOnly } from '../auth/admin-only.decorator.js';
import { ApiProblem } from '../common/errors/problem-responses.decorator.js';
import { AnswersSecretOnce } from '../common/http/idempotency-key.js';
import { type Page, PageDto, pageOf } from '../common/paging/page.dto.js';
import { PageQuery } from '../common/paging/page.query.js';
import { UuidParam } from '../common/validation/uuid.js';
import { CreateWebhookDto } from './dto/create-webhook.dto.js';
import { ListDeliveriesQuery } from './dto/list-deliveries.query.js';
import { WebhookDeliveryDto } from './dto/webhook-delivery.dto.js';
import { WebhookDto, WebhookWithSecretDto } from './dto/webhook.dto.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { deliveryToDto, webhookToDto, webhookWithSecretToDto } from './webhook.mapper.js';
import { WebhooksService } from './webhooks.service.js';

@AdminOnly()
@ApiTags('Webhooks')
@Controller('governance/role-mining/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly deliveries: WebhookDeliveriesService,
  ) {}

  /** Lists the tenant's webhooks, newest first. */
  @Get()
  @ApiOkResponse({ type: PageDto(WebhookDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<WebhookDto>> {
    const { items, total } = await this.webhooks.listWebhooks(actor.tenantId, query);
    return pageOf(items.map(webhookToDto), total, query);
  }

  /** Reads one webhook. */
  @Get(':webhook_id')
  @ApiProblem(404, 'There is no such webhook in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('webhook_id') webhookId: string): Promise<WebhookDto> {
    return webhookToDto(await this.webhooks.getWebhook(actor.tenantId, webhookId));
  }

  /**
   * Creates a webhook. From now on events are posted to its URL as signed messages (Standard Webhooks): a body with `type`,
   * `timestamp` and `data`, and the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. A message may arrive
   * more than once, under the same id, and in any order. What is not answered with a 2xx is tried again for about a day.
   */
  @Post()
  @Audited('webhook.create')
  @AnswersSecretOnce('secret')
  @ApiProblem(409, 'The tenant has as many webhooks as it can have.')
  async create(@CurrentActor() actor: Actor, @Body() body: CreateWebhookDto): Promise<WebhookWithSecretDto> {
    const webhook = { url: body.url, eventTypes: body.event_types };
    return webhookWithSecretToDto(await this.webhooks.createWebhook(actor, webhook));
  }

  /** Gives a webhook a new secret. For a day messages are signed with the one before as well. */
  @Post(':webhook_id/rotate-secret')
  @HttpCode(200)
  @Audited('webhook.rotate_secret', 'webhook_id')
  @AnswersSecretOnce('secret')
  @ApiProblem(404, 'There is no such webhook in the tenant.')
  async rotateSecret(
    @CurrentActor() actor: Actor,
    @UuidParam('webhook_id') webhookId: string,
  ): Promise<WebhookWithSecretDto> {
    return webhookWithSecretToDto(await this.webhooks.rotateSecret(actor, webhookId));
  }

  /** Deletes a webhook with its deliveries. What waits to be delivered is not any more. */
  @Delete(':webhook_id')
  @HttpCode(204)
  @Audited('webhook.delete', 'webhook_id')
  @ApiProblem(404, 'There is no such webhook in the tenant.')
  async delete(@CurrentActor() actor: Actor, @UuidParam('webhook_id') webhookId: string): Promise<void> {
    await this.webhooks.deleteWebhook(actor, webhookId);
  }

  /** Lists what was posted to a webhook and what became of it, newest first. Kept for 30 days. */
  @Get(':webhook_id/deliveries')
  @ApiOkResponse({ type: PageDto(WebhookDeliveryDto) })
  @ApiProblem(404, 'There is no such webhook in the tenant.')
  async listDeliveries(
    @CurrentActor() actor: Actor,
    @UuidParam('webhook_id') webhookId: string,
    @Query() query: ListDeliveriesQuery,
  ): Promise<Page<WebhookDeliveryDto>> {
    const { items, total } = await this.deliveries.listDeliveries(actor.tenantId, webhookId, query);
    return pageOf(items.map(deliveryToDto), total, query);
  }

  /** Posts a message once more that was given up, or delivered. It has the same id, and is tried as often as a new one. */
  @Post(':webhook_id/deliveries/:delivery_id/redeliver')
  @HttpCode(200)
  @Audited('webhook_delivery.redeliver', 'delivery_id')
  @ApiProblem(404, 'There is no such delivery to the webhook.')
  @ApiProblem(409, 'The delivery is pending.')
  async redeliver(
    @CurrentActor() actor: Actor,
    @UuidParam('webhook_id') webhookId: string,
    @UuidParam('delivery_id') deliveryId: string,
  ): Promise<WebhookDeliveryDto> {
    return deliveryToDto(await this.deliveries.redeliver(actor, webhookId, deliveryId));
  }
}

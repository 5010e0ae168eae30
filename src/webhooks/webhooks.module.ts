import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { DeliveryQueue } from './delivery-queue.js';
import { WebhookAttempts } from './webhook-attempts.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookOutbox } from './webhook-outbox.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookWorker } from './webhook-worker.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/**
 * Tells other systems of events by signed messages. Every process with the module writes them down, whichever part it has.
 * Needs the foundation's modules beside it.
 */
@Module({
  providers: [
    WebhooksService,
    WebhookDeliveriesService,
    WebhookOutbox,
    WebhookAttempts,
    DeliveryQueue,
    {
      provide: WebhookSender,
      inject: [Config],
      useFactory: (config: Config) => new WebhookSender(config.webhooks),
    },
  ],
  exports: [WebhooksService, WebhookDeliveriesService],
})
export class WebhooksModule {
  /** @param parts what this process does: answer calls about webhooks, and deliver */
  static forRoot({ serveApi, runWorker }: { serveApi: boolean; runWorker: boolean }): DynamicModule {
    return {
      module: WebhooksModule,
      controllers: serveApi ? [WebhooksController] : [],
      providers: runWorker ? [WebhookWorker] : [],
    };
  }
}

import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'pg-boss';
import { HEARTBEAT_SECONDS, POLLING_SECONDS, WEBHOOK_QUEUE } from '../database/job-queues.js';
import { QueueConnection } from '../queue/queue-connection.js';
import type { QueuedAttempt } from './delivery-queue.js';
import { WebhookAttempts } from './webhook-attempts.js';

/** Deliveries at once in this process, and to one webhook: who does not answer holds up nobody else. */
const CONCURRENCY = 8;
const CONCURRENCY_OF_WEBHOOK = 2;

/** Delivers what waits in the queue. Only in processes with the role of a worker. */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private isClosing = false;

  constructor(
    private readonly connection: QueueConnection,
    private readonly attempts: WebhookAttempts,
  ) {}

  onApplicationBootstrap(): void {
    void this.connection.started.then(() => this.work());
  }

  /** Attempts in hand are ended first: they take no longer than their time-out. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    if (this.connection.isRunning()) await this.connection.boss.offWork(WEBHOOK_QUEUE, { wait: true });
  }

  private async work(): Promise<void> {
    if (!this.connection.isRunning() || this.isClosing) return;
    const options = {
      localConcurrency: CONCURRENCY,
      localGroupConcurrency: CONCURRENCY_OF_WEBHOOK,
      heartbeatRefreshSeconds: HEARTBEAT_SECONDS,
      pollingIntervalSeconds: POLLING_SECONDS,
      notifyPollingIntervalSeconds: POLLING_SECONDS,
    };
    await this.connection.boss.work<QueuedAttempt>(WEBHOOK_QUEUE, options, ([job]: Job<QueuedAttempt>[]) =>
      this.attempts.make(job.data),
    );
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'pg-boss';
import { isDatabaseContended, isDatabaseUnavailable } from '../../common/errors/database-unavailable.js';
import { Config } from '../../config/config.js';
import { HEARTBEAT_SECONDS, MINING_JOB_QUEUE, POLLING_SECONDS } from '../../database/job-queues.js';
import type { QueuedJob } from '../jobs/job-queue.js';
import { MiningRunner } from './mining-runner.js';
import { QueueConnection } from '../../queue/queue-connection.js';

/** Longest pause before a job that the database has kept from ending is given back. */
const LONGEST_PAUSE_MS = 30_000;

/** Takes mining jobs from the queue. Only in processes with the role of a worker. */
@Injectable()
export class MiningWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly shutdown = new AbortController();

  constructor(
    private readonly config: Config,
    private readonly connection: QueueConnection,
    private readonly runner: MiningRunner,
  ) {}

  onApplicationBootstrap(): void {
    void this.connection.started.then(() => this.work());
  }

  /** Takes no more jobs and hands those in hand back to the queue, for another worker to start anew. */
  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort(new Error('The worker is shutting down'));
    if (this.connection.isRunning()) await this.connection.boss.offWork(MINING_JOB_QUEUE, { wait: true });
  }

  private async work(): Promise<void> {
    if (!this.connection.isRunning() || this.shutdown.signal.aborted) return;
    const options = {
      localConcurrency: this.config.worker.concurrency,
      heartbeatRefreshSeconds: HEARTBEAT_SECONDS,
      pollingIntervalSeconds: POLLING_SECONDS,
      notifyPollingIntervalSeconds: POLLING_SECONDS,
    };
    await this.connection.boss.work<QueuedJob>(MINING_JOB_QUEUE, options, ([job]: Job<QueuedJob>[]) => this.run(job));
  }

  private async run({ data, retryCount }: Job<QueuedJob>): Promise<void> {
    try {
      await this.runner.run(data, this.shutdown.signal);
    } catch (error) {
      // The queue may hand it out again at once. Without a pause a database that takes the queue's statements and not
      // ours (no connection left, a lock that is held) would use up all attempts within seconds.
      if (isDatabaseUnavailable(error) || isDatabaseContended(error)) await this.pause(retryCount);
      throw error;
    }
  }

  /** 1, 2, 4 … 30 s: all attempts together last for minutes. */
  private async pause(attempt: number): Promise<void> {
    const milliseconds = Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** attempt);
    await delay(milliseconds, undefined, { signal: this.shutdown.signal }).catch(() => undefined);
  }
}

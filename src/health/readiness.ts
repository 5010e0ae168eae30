import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseHealth } from '../database/database-health.js';
import { JobQueue } from '../role-mining/jobs/job-queue.js';

/** Whether requests should come here. Says no while shutting down, so that a load balancer looks elsewhere first. */
@Injectable()
export class Readiness implements OnApplicationShutdown {
  private isShuttingDown = false;

  constructor(
    private readonly database: DatabaseHealth,
    private readonly queue: JobQueue,
  ) {}

  onApplicationShutdown(): void {
    this.isShuttingDown = true;
  }

  /** One sentence without host names or logins (everybody may ask), or null when all is well. */
  async reasonNotReady(): Promise<string | null> {
    if (this.isShuttingDown) return 'The process is shutting down';
    const database = await this.database.databaseReady();
    if (!database.ready) return `Not ready: ${database.reason}`;
    return this.queue.isRunning() ? null : 'Not ready: the job queue is not running';
  }
}

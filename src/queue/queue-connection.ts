import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import { Config } from '../config/config.js';
import { applicationLimits, connectionSettings } from '../database/connection.js';
import { DatabaseAddress } from '../database/database-address.js';
import { JOB_QUEUE_SCHEMA, WATCH_SECONDS } from '../database/job-queues.js';

/** How long pg-boss waits for jobs in hand when the process stops; the worker has handed them back by then. */
const STOP_TIMEOUT_MS = 10_000;
/** A process that is silent for three of these is not counted as a worker (see queue-state.ts). */
const REGISTRY_HEARTBEAT_SECONDS = 5;

/**
 * This process's pg-boss, with connections of its own. Installed and migrated by the owner (`role-mining migrate`); the
 * application's login only reads and writes its rows. Every process may hand out jobs and watches over them: one that takes
 * none offers those of a dead worker again when no other worker is left, and says that they wait.
 */
@Injectable()
export class QueueConnection implements OnModuleInit, OnApplicationShutdown {
  readonly boss: PgBoss;
  /** Resolves once the queue can be used. Until the owner has installed its schema the process waits and is not ready. */
  started: Promise<unknown> = Promise.resolve();
  private isStarted = false;
  private readonly logger = new Logger(QueueConnection.name);

  constructor(config: Config, address: DatabaseAddress) {
    this.boss = new PgBoss({
      ...connectionSettings(config.database, address.url, applicationLimits(config.database)),
      max: config.database.queuePoolSize,
      schema: JOB_QUEUE_SCHEMA,
      migrate: false,
      schedule: false,
      supervise: true,
      superviseIntervalSeconds: WATCH_SECONDS,
      monitorIntervalSeconds: WATCH_SECONDS,
      // Rebuilding indexes is the owner's business.
      reindex: false,
      useListenNotify: config.processRole !== 'api',
      instanceName: `role-mining ${config.processRole}`,
      instanceHeartbeatSeconds: REGISTRY_HEARTBEAT_SECONDS,
      // A job's spans belong to the trace of the request that ran it; costs nothing without an OpenTelemetry SDK.
      openTelemetry: { propagateContext: true },
    });
    // Unheard, an error event would end the process; what fails is tried again by pg-boss itself.
    this.boss.on('error', (error: Error) => this.logger.warn(`The job queue reports: ${error.message}`));
    this.boss.on('warning', ({ message }) => this.logger.warn(`The job queue reports: ${message}`));
  }

  onModuleInit(): void {
    this.started = this.boss.start({ attempts: Number.MAX_SAFE_INTEGER }).then(
      () => (this.isStarted = true),
      (error: unknown) => this.logger.error({ err: error }, 'The job queue cannot be used'),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStarted = false;
    await this.boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
  }

  isRunning(): boolean {
    return this.isStarted;
  }
}

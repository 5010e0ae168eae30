import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JOB_QUEUE_SCHEMA, MINING_JOB_QUEUE } from '../../database/job-queues.js';

/** Condition on pg-boss's registry of processes: one that takes mining jobs and was heard from within three heartbeats. */
export const IS_LIVE_WORKER = `stopped_on IS NULL
  AND heartbeat_on >= now() - 3 * heartbeat_seconds * interval '1 second'
  AND workers @> '[{"queue": "${MINING_JOB_QUEUE}"}]'`;

const STATE = `
  SELECT
    count(*) FILTER (WHERE state < 'active')::integer AS waiting,
    count(*) FILTER (WHERE state = 'active')::integer AS active,
    COALESCE(extract(epoch FROM now() - min(created_on) FILTER (WHERE state < 'active')), 0)::float8 AS "oldestWaitSeconds",
    (SELECT count(*) FROM ${JOB_QUEUE_SCHEMA}.instance WHERE ${IS_LIVE_WORKER})::integer AS workers
  FROM ${JOB_QUEUE_SCHEMA}.job WHERE name = $1 AND state <= 'active'`;

/** All tenants' jobs together, as whoever operates the service sees them. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  /** How long the one that waits longest has waited since it was run; 0 when none waits. */
  readonly oldestWaitSeconds: number;
  /** Processes that take jobs. */
  readonly workers: number;
}

const FRESH_MS = 2_000;

/** Reads the queue's counts, at most every other second: whoever may scrape this process must not load the database. */
@Injectable()
export class QueueState {
  private latest: Promise<QueueCounts> | null = null;
  private readAt = -Infinity;

  constructor(private readonly dataSource: DataSource) {}

  /** @throws when the database cannot be reached */
  read(): Promise<QueueCounts> {
    const now = performance.now();
    if (this.latest === null || now - this.readAt > FRESH_MS) {
      this.readAt = now;
      this.latest = this.dataSource.query<QueueCounts[]>(STATE, [MINING_JOB_QUEUE]).then(([counts]) => counts);
    }
    return this.latest;
  }
}

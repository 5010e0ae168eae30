import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JOB_QUEUE_SCHEMA, MINING_JOB_QUEUE } from '../../database/job-queues.js';

/** Condition on pg-boss's registry of processes: one that takes mining jobs and was heard from within three heartbeats. */
export const IS_LIVE_WORKER = `stopped_on IS NULL
  AND heartbeat_on >= now() - 3 * heartbeat_seconds * interval '1 second'
  AND workers @> '[{"queue": "${MINING_JOB_QUEUE}"}]'`;

/**
 * Condition on pg-boss's jobs: a worker has it and has missed three of its heartbeats (see mining-worker.ts). pg-boss waits for
 * five before another may have it: this one is for telling, and nothing is taken from anybody for it.
 */
export const IS_LOST = `state = 'active' AND heartbeat_on < now() - interval '6 seconds'`;
/** A job that nobody works on. */
const IS_WAITING = `(state < 'active' OR ${IS_LOST})`;

const STATE = `
  SELECT
    count(*) FILTER (WHERE ${IS_WAITING})::integer AS waiting,
    count(*) FILTER (WHERE NOT ${IS_WAITING})::integer AS active,
    COALESCE(extract(epoch FROM now() - min(COALESCE(heartbeat_on, start_after)) FILTER (WHERE ${IS_WAITING})), 0)::float8
      AS "oldestWaitSeconds",
    (SELECT count(*) FROM ${JOB_QUEUE_SCHEMA}.instance WHERE ${IS_LIVE_WORKER})::integer AS workers
  FROM ${JOB_QUEUE_SCHEMA}.job WHERE name = $1 AND state <= 'active'`;

/** All tenants' jobs together, as whoever operates the service sees them. */
export interface QueueCounts {
  /** Those of workers that are gone included. */
  readonly waiting: number;
  readonly active: number;
  /** How long the one that waits longest has waited since it was run or its worker went; 0 when none waits. */
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

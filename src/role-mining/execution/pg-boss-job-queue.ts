import { Injectable } from '@nestjs/common';
import type { Db } from 'pg-boss';
import { DataSource, type EntityManager } from 'typeorm';
import { JOB_QUEUE_SCHEMA, MINING_JOB_QUEUE } from '../../database/job-queues.js';
import { connectionOf } from '../../database/tenant-transaction.js';
import { JobQueue, type QueuedJob, type Standstill, type WaitingJob, type WaitingReason } from '../jobs/job-queue.js';
import { QueueConnection } from '../../queue/queue-connection.js';
import { IS_LIVE_WORKER, IS_LOST } from './queue-state.js';

/**
 * The tag of a tenant's next job, in the manner of start-time fair queueing: one after the tag in service, or two after
 * the tenant's own last one. Tenants take turns, and one with a thousand jobs holds back another's first job by no more
 * than what is running. pg-boss takes the highest priority first, so the priority is the negative tag.
 */
const NEXT_TAG = `
  SELECT GREATEST(
    1 + COALESCE(max(-priority) FILTER (WHERE state = 'active'), min(-priority) - 1, 0),
    2 + COALESCE(max(-priority) FILTER (WHERE group_id = $2), -1)
  )::integer AS tag
  FROM ${JOB_QUEUE_SCHEMA}.job WHERE name = $1 AND state < 'completed'`;

const HAS_WORKER = `EXISTS (SELECT FROM ${JOB_QUEUE_SCHEMA}.instance WHERE ${IS_LIVE_WORKER})`;

const WAITING = `
  SELECT id, position::integer, ${HAS_WORKER} AS "hasWorker" FROM (
    SELECT id, row_number() OVER (ORDER BY priority DESC, created_on) AS position
    FROM ${JOB_QUEUE_SCHEMA}.job WHERE name = $1 AND state < 'active'
    UNION ALL
    SELECT id, NULL FROM ${JOB_QUEUE_SCHEMA}.job WHERE name = $1 AND ${IS_LOST}
  ) AS waiting WHERE id = ANY ($2)`;

const STANDSTILL = `
  SELECT ${HAS_WORKER} AS "hasWorker",
    ARRAY(SELECT id::text FROM ${JOB_QUEUE_SCHEMA}.job WHERE name = $1 AND ${IS_LOST}) AS "lostJobIds"`;

interface WaitingRow {
  readonly id: string;
  /** Null: a worker has it, and is silent. */
  readonly position: number | null;
  readonly hasWorker: boolean;
}

/** Mining jobs on pg-boss, under their own ids. */
@Injectable()
export class PgBossJobQueue extends JobQueue {
  constructor(
    private readonly connection: QueueConnection,
    private readonly dataSource: DataSource,
  ) {
    super();
  }

  async enqueue(job: QueuedJob, manager: EntityManager): Promise<void> {
    const client = await connectionOf(manager);
    const next = await client.query<{ tag: number }>(NEXT_TAG, [MINING_JOB_QUEUE, job.tenantId]);
    // pg-boss's statements run on the caller's connection, inside its transaction.
    const db: Db = { executeSql: (text, values) => client.query(text, values as unknown[]) };
    await this.connection.boss.send(MINING_JOB_QUEUE, job, {
      id: job.jobId,
      priority: -next.rows[0].tag,
      group: { id: job.tenantId },
      db,
    });
  }

  async waiting(jobIds: readonly string[], manager: EntityManager): Promise<ReadonlyMap<string, WaitingJob>> {
    const client = await connectionOf(manager);
    const { rows } = await client.query<WaitingRow>(WAITING, [MINING_JOB_QUEUE, jobIds]);
    return new Map(
      rows.map(({ id, position, hasWorker }) => [id, { position, reason: reasonOf(position, hasWorker) }]),
    );
  }

  async standstill(): Promise<Standstill> {
    const [standstill] = await this.dataSource.query<[Standstill]>(STANDSTILL, [MINING_JOB_QUEUE]);
    return standstill;
  }

  isRunning(): boolean {
    return this.connection.isRunning();
  }
}

function reasonOf(position: number | null, hasWorker: boolean): WaitingReason {
  if (!hasWorker) return 'no_worker';
  return position === null ? 'worker_lost' : 'workers_busy';
}

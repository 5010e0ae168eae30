import { createRequire } from 'node:module';
import type { Queue } from 'pg-boss';

/** Where pg-boss keeps its tables. */
export const JOB_QUEUE_SCHEMA = 'pgboss';

export const MINING_JOB_QUEUE = 'mining-job';

export const WEBHOOK_QUEUE = 'webhook-delivery';

const HOUR_SECONDS = 3_600;

/**
 * The queues. Made by the owner when the schema is; the application cannot make any.
 *
 * A worker that was killed is noticed within `heartbeatSeconds` (10 is pg-boss's least) and its job goes to another at
 * once. Retries are many because each stands for a lost worker, not for a failed job: an error of the engine ends the
 * job at the first attempt. A job that was given up all the same needs no dead-letter queue: `LostJobs` finds it by its
 * own row, together with those that a queue could not tell of.
 *
 * A webhook's delivery is a job an attempt: retries of the queue stand for lost workers and an unreachable database.
 */
export const JOB_QUEUES: readonly Queue[] = [
  {
    name: MINING_JOB_QUEUE,
    heartbeatSeconds: 10,
    retryLimit: 20,
    retryDelay: 0,
    expireInSeconds: 24 * HOUR_SECONDS,
    deleteAfterSeconds: HOUR_SECONDS,
    notify: true,
  },
  {
    name: WEBHOOK_QUEUE,
    heartbeatSeconds: 10,
    retryLimit: 1_000,
    retryDelay: 5,
    expireInSeconds: HOUR_SECONDS,
    deleteAfterSeconds: HOUR_SECONDS,
    notify: true,
  },
];

/** The version of its schema that the installed pg-boss works with. */
export function expectedJobQueueVersion(): number {
  const manifest = createRequire(import.meta.url)('pg-boss/package.json') as { pgboss: { schema: number } };
  return manifest.pgboss.schema;
}

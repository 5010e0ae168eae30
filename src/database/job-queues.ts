import { createRequire } from 'node:module';
import type { Queue } from 'pg-boss';

/** Where pg-boss keeps its tables. */
export const JOB_QUEUE_SCHEMA = 'pgboss';

export const MINING_JOB_QUEUE = 'mining-job';

export const WEBHOOK_QUEUE = 'webhook-delivery';

const HOUR_SECONDS = 3_600;

/*
 * A job whose worker is gone is taken over within 15 s, by a worker that is alive and has nothing to do:
 *
 *   LEASE_SECONDS            it may just have renewed its lease when it died
 *   2 × WATCH_SECONDS        every process watches; one that found another had just watched comes back an interval later
 *   POLLING_SECONDS          a job that is offered again wakes nobody
 *   = 13 s, and 2 s for the statements of all three and for processes that wait for a processor.
 *
 * When no worker is left the other processes offer the job all the same, and a new worker takes it with its first poll;
 * when no process at all is left, 2 × WATCH_SECONDS + POLLING_SECONDS after a new one has connected. Whether a lease has
 * run out is asked of the database, of times that the database has written: no other clock has a say in it.
 *
 * A worker that lives but stands still for longer than its lease loses its job, and can write nothing more to it
 * (`JobClaims`). Four renewals in a row have to fail for that.
 */

/** A worker that has not been heard from for so long has lost its job. pg-boss allows no less. */
const LEASE_SECONDS = 10;
/** How often a worker renews its lease. */
export const HEARTBEAT_SECONDS = 2;
/** How often each process looks for leases that have run out. */
export const WATCH_SECONDS = 1;
/** How often an idle worker asks for a job. New ones wake it at once (LISTEN), unless a pooler is in between. */
export const POLLING_SECONDS = 1;

/**
 * The queues. Made by the owner when the schema is; the application cannot make any.
 *
 * Retries of mining jobs are many because each stands for a lost worker, not for a failed job: an error of the engine ends the
 * job at the first attempt. A job that was given up all the same needs no dead-letter queue: `LostJobs` finds it by its
 * own row, together with those that a queue could not tell of.
 *
 * A webhook's delivery is a job an attempt: retries of the queue stand for lost workers and an unreachable database.
 */
export const JOB_QUEUES: readonly Queue[] = [
  {
    name: MINING_JOB_QUEUE,
    heartbeatSeconds: LEASE_SECONDS,
    retryLimit: 20,
    retryDelay: 0,
    expireInSeconds: 24 * HOUR_SECONDS,
    deleteAfterSeconds: HOUR_SECONDS,
    notify: true,
  },
  {
    name: WEBHOOK_QUEUE,
    heartbeatSeconds: LEASE_SECONDS,
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

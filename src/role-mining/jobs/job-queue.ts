import type { EntityManager } from 'typeorm';

export interface QueuedJob {
  readonly tenantId: string;
  readonly jobId: string;
}

/**
 * Why nobody works on a running job: all workers are busy; the one that had it has not been heard from for some seconds and
 * another will begin anew; there is none.
 */
export const WAITING_REASONS = ['workers_busy', 'worker_lost', 'no_worker'] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

export interface WaitingJob {
  readonly reason: WaitingReason;
  /** How many jobs a worker takes before it, + 1; null while the queue has not noticed yet that its worker is gone. */
  readonly position: number | null;
}

/** What keeps jobs, of all tenants, from being worked on, but for their turn. */
export interface Standstill {
  readonly hasWorker: boolean;
  /** Jobs whose worker is silent. */
  readonly lostJobIds: readonly string[];
}

/** Where jobs wait for a worker. `execution/` implements it on pg-boss; it is provided by the role mining module. */
export abstract class JobQueue {
  /** Hands a job to the workers when, and only when, the transaction of `manager` commits. */
  abstract enqueue(job: QueuedJob, manager: EntityManager): Promise<void>;

  /** Those of the jobs that nobody works on. Workers that were killed are missed within 15 s, their jobs within 6. */
  abstract waiting(jobIds: readonly string[], manager: EntityManager): Promise<ReadonlyMap<string, WaitingJob>>;

  /** One query, whatever waits: for those who watch jobs of many tenants. */
  abstract standstill(): Promise<Standstill>;

  /** Whether this process can hand out jobs at the moment. */
  abstract isRunning(): boolean;
}

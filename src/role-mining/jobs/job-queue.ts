import type { EntityManager } from 'typeorm';

export interface QueuedJob {
  readonly tenantId: string;
  readonly jobId: string;
}

/** Why a running job is not being worked on: all workers are busy, or there is none. */
export type WaitingReason = 'workers_busy' | 'no_worker';

/** Where jobs wait for a worker. `execution/` implements it on pg-boss; it is provided by the role mining module. */
export abstract class JobQueue {
  /** Hands a job to the workers when, and only when, the transaction of `manager` commits. */
  abstract enqueue(job: QueuedJob, manager: EntityManager): Promise<void>;

  /** How many jobs a worker takes before each of these, + 1; jobs that are not waiting are left out. */
  abstract positionsOf(jobIds: readonly string[], manager: EntityManager): Promise<ReadonlyMap<string, number>>;

  /** Whether any live process takes jobs. One that was killed counts for some seconds more. */
  abstract hasWorker(manager: EntityManager): Promise<boolean>;

  /** Whether this process can hand out jobs at the moment. */
  abstract isRunning(): boolean;
}

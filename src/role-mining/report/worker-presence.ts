import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { JOB_QUEUE_SCHEMA, MINING_JOB_QUEUE } from '../../database/job-queues.js';

/** Every living worker looks over the queue each second and notes it there; so long none did for a slow one to be counted as gone. */
const ABSENT_AFTER_SECONDS = 15;

const LAST_SEEN = `
  SELECT GREATEST(monitor_on, monitor_claim_on, maintain_on) AS seen_at,
    GREATEST(monitor_on, monitor_claim_on, maintain_on) > clock_timestamp() - interval '${ABSENT_AFTER_SECONDS} seconds' AS is_alive
  FROM ${JOB_QUEUE_SCHEMA}.queue WHERE name = $1`;

/** Whether anybody is there to take jobs from the queue, in whichever process. */
@Injectable()
export class WorkerPresence {
  /** Since when no worker has shown up; `never` when none ever has, null while one is alive. */
  async absentSince(manager: EntityManager): Promise<Date | 'never' | null> {
    const [row] = await manager.query<{ seen_at: Date | null; is_alive: boolean | null }[]>(LAST_SEEN, [
      MINING_JOB_QUEUE,
    ]);
    if (row?.is_alive === true) return null;
    return row?.seen_at ?? 'never';
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceUnderTest } from '../service/service-under-test.js';

const JOBS_PATH = '/governance/role-mining/jobs';
/** Gently: asking is load too. */
const POLL_MS = 250;
/** A cancelled run has stopped by then: it looks twice a second. */
const SETTLE_MS = 2_000;

interface JobBody {
  readonly id: string;
  readonly status: string;
  readonly progress_percent: number;
  /** Of a job that no worker has taken yet. */
  readonly queue_position?: number | null;
}

/** Where the parts of a run begin, in percent of its progress (`JobProgress`). */
const PHASE_STARTS = [
  [90, 'save'],
  [75, 'other analyses'],
  [15, 'roles'],
  [5, 'patterns'],
  [0, 'load'],
] as const;

/** What a job was doing when it was looked at, milliseconds since 1970. */
export interface SeenPhase {
  readonly at: number;
  /** Null while no worker has it. */
  readonly phase: string | null;
}

/** Creates, runs and awaits a job. @throws Error unless it completes */
export async function completedJob(api: ServiceUnderTest): Promise<string> {
  const id = await startJob(api);
  await ended(api, id, () => false, []);
  return id;
}

/**
 * Keeps the worker busy while `work` lasts: one job after the other, the last one cancelled.
 *
 * @returns how many jobs have completed meanwhile and what they were doing, beside the work's own result
 */
export async function whileJobsRun<T>(
  api: ServiceUnderTest,
  work: () => Promise<T>,
): Promise<{ result: T; completed: number; seen: SeenPhase[] }> {
  const seen: SeenPhase[] = [];
  let isOver = false;
  let completed = 0;
  const repeat = async (): Promise<void> => {
    while (!isOver) {
      const id = await startJob(api);
      if (await ended(api, id, () => isOver, seen)) completed += 1;
      else await api.call('DELETE', `${JOBS_PATH}/${id}`);
    }
  };
  const [result] = await Promise.all([work().finally(() => (isOver = true)), repeat()]);
  await delay(SETTLE_MS);
  return { result, completed, seen };
}

async function startJob(api: ServiceUnderTest): Promise<string> {
  const { id } = await api.call<JobBody>('POST', JOBS_PATH, { name: 'In the worker' });
  await api.call('POST', `${JOBS_PATH}/${id}/run`);
  return id;
}

/** True once the job has completed, false when waiting is over before. @throws Error when it ends otherwise */
async function ended(api: ServiceUnderTest, id: string, isOver: () => boolean, seen: SeenPhase[]): Promise<boolean> {
  for (;;) {
    const job = await api.call<JobBody>('GET', `${JOBS_PATH}/${id}`);
    const { status } = job;
    seen.push({ at: Date.now(), phase: phaseOf(job) });
    if (status === 'completed') return true;
    if (status !== 'running') throw new Error(`The job has ended as ${status}`);
    if (isOver()) return false;
    await delay(POLL_MS);
  }
}

function phaseOf({ status, progress_percent, queue_position }: JobBody): string | null {
  if (status !== 'running' || (queue_position ?? null) !== null) return null;
  return PHASE_STARTS.find(([percent]) => progress_percent >= percent)?.[1] ?? null;
}

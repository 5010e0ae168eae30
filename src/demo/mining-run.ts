import { setTimeout as delay } from 'node:timers/promises';
import type { JobEvent } from '#client';
import type { CreateMiningJobDto } from '../role-mining/jobs/dto/create-job.dto.js';
import type { MiningJobDto } from '../role-mining/jobs/dto/job.dto.js';
import type { Api } from './api.js';
import { DemoError } from './demo.error.js';
import { Progress } from './progress.js';
import { count } from './tables.js';

export const JOBS = '/governance/role-mining/jobs';
const JOB: CreateMiningJobDto = { name: 'Demo', parameters: { peer_group_attribute: 'department' } };
const POLL_MS = 150;

/** Creates a job, runs it and waits until it is done. */
export async function runMiningJob(api: Api, signal: AbortSignal): Promise<MiningJobDto> {
  const { id } = await api.post<MiningJobDto>(JOBS, JOB);
  using progress = new Progress('Mining roles');
  await api.post<MiningJobDto>(`${JOBS}/${id}/run`);
  await follow(api, id, progress, signal);
  const job = await untilEnded(api, id, progress, signal);
  if (job.status !== 'completed')
    throw new DemoError(`The job ${job.status}: ${job.error_message ?? 'without a reason'}`);
  progress.show(100);
  return job;
}

/** Shows the job's events as they come, to its end or until the stream breaks. */
async function follow(api: Api, id: string, progress: Progress, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of api.followJob(id)) {
      progress.show(event.progress_percent, noteOf(event));
    }
  } catch {
    signal.throwIfAborted(); // else the job can still be asked for
  }
}

function noteOf({ best_role_count: roles, best_complexity: complexity }: JobEvent): string {
  return roles === null || complexity === null ? '' : `${count(roles)} roles, complexity ${count(complexity)}`;
}

/** At once after a stream that has come to its end. */
async function untilEnded(api: Api, id: string, progress: Progress, signal: AbortSignal): Promise<MiningJobDto> {
  for (;;) {
    const job = await api.get<MiningJobDto>(`${JOBS}/${id}`);
    if (job.status !== 'running') return job;
    progress.show(job.progress_percent);
    await delay(POLL_MS, undefined, { signal });
  }
}

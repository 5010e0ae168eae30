import { setTimeout as delay } from 'node:timers/promises';
import type { CreateMiningJobDto } from '../role-mining/jobs/dto/create-job.dto.js';
import type { MiningJobDto } from '../role-mining/jobs/dto/job.dto.js';
import type { Api } from './api.js';
import { DemoError } from './demo.error.js';
import { Progress } from './progress.js';

export const JOBS = '/governance/role-mining/jobs';
const JOB: CreateMiningJobDto = { name: 'Demo', parameters: { peer_group_attribute: 'department' } };
const POLL_MS = 150;

/** Creates a job, runs it and waits until it is done. */
export async function runMiningJob(api: Api, signal: AbortSignal): Promise<MiningJobDto> {
  const { id } = await api.post<MiningJobDto>(JOBS, JOB);
  using progress = new Progress('Mining roles');
  let job = await api.post<MiningJobDto>(`${JOBS}/${id}/run`);
  while (job.status === 'running') {
    progress.show(job.progress_percent);
    await delay(POLL_MS, undefined, { signal });
    job = await api.get<MiningJobDto>(`${JOBS}/${id}`);
  }
  if (job.status !== 'completed')
    throw new DemoError(`The job ${job.status}: ${job.error_message ?? 'without a reason'}`);
  progress.show(100);
  return job;
}

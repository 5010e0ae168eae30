import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { generatedGraph, newOrganisation } from './support/organisation.js';
import { createJob, type Member, runJob, runNewJob, smallGraph, Stage, type Tenant } from './support/stage.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

const POISONED_WORKER = ['--import', '@swc-node/register/esm-register', 'test/faults/support/poisoned-worker.ts'];

let stage: Stage;
let api: Member;
let sound: Tenant;

beforeAll(async () => {
  stage = await Stage.open();
  api = await stage.startReady('api');
  sound = await newOrganisation(api.process, smallGraph());
});
afterAll(async () => stage[Symbol.asyncDispose]());

async function failed(jobId: string): Promise<string> {
  return until('the poisoned job to fail', async () => {
    const { status, error } = await stage.observer.job(jobId);
    return status === 'running' ? null : `${status}: ${error}`;
  });
}

async function retries(jobId: string): Promise<number> {
  const [job] = await stage.observer.rows<{ retries: number }>(
    'SELECT retry_count AS retries FROM pgboss.job WHERE id = $1',
    [jobId],
  );
  return job.retries;
}

/** A job that its process cannot survive is offered so often in this spec, 20 times otherwise. */
const RETRIES = 2;

const POISONS = [
  {
    poison: 'engine throws',
    reason: /^failed: An internal error stopped the job; the service log has the details/,
    attempts: 1,
  },
  {
    poison: 'out of memory',
    reason: /^failed: the organisation needs more memory than there is: a mining thread may use 24 MiB/,
    attempts: 1,
  },
  {
    poison: 'process dies',
    reason: /^failed: The job was given up: every worker that took it went away/,
    attempts: 1 + RETRIES,
  },
] as const;

it.each(POISONS)('a poisoned job ($poison) fails with a readable reason, and others complete', async (expected) => {
  const poisoned = await newOrganisation(api.process, smallGraph());
  // Both at once in one process: what the one does may not harm the other.
  const program = [...POISONED_WORKER, `${poisoned.id}=${expected.poison}`];
  const environment = { WORKER_CONCURRENCY: '2' };
  let worker = await stage.startReady('worker', environment, program);
  let starts = 1;
  const jobId = await createJob(api.process, poisoned);
  await runJob(api.process, poisoned, jobId);
  await stage.observer.rows('UPDATE pgboss.job SET retry_limit = $2 WHERE id = $1', [jobId, RETRIES]);
  const others = [await runNewJob(api.process, sound), await runNewJob(api.process, sound)];

  const reason = await until('the end of the poisoned job', async () => {
    // What an orchestrator does.
    if (worker.process.hasEnded) {
      worker = await stage.start('worker', environment, program);
      starts += 1;
    }
    const { status, error } = await stage.observer.job(jobId);
    return status === 'running' ? null : `${status}: ${error}`;
  });
  expect(reason).toMatch(expected.reason);
  expect((await retries(jobId)) + 1).toBe(expected.attempts);
  expect(await stage.observer.resultCount(jobId)).toBe(0);
  others.push(await runNewJob(api.process, sound));
  await until('the others to complete', () => stage.observer.allCompleted(others));
  for (const id of others) expect(await stage.observer.completions(id)).toBe(1);
  await worker.process.kill();
  survived({
    fault: `Poisoned job: ${expected.poison}`,
    injected: expected.attempts,
    survived: expected.attempts,
    figure: `"${reason}" after ${expected.attempts} ${expected.attempts === 1 ? 'attempt' : 'attempts'}; ${others.length} other jobs completed, the process started ${starts === 1 ? 'once' : `${starts} times`}`,
  });
});

it('a job that takes longer than it may fails with a readable reason, and the next one completes', async () => {
  const worker = await stage.startReady('worker', { JOB_TIME_LIMIT_SECONDS: '1' });
  const long = await newOrganisation(api.process, await generatedGraph(13));
  const jobId = await createJob(api.process, long);
  // Its end waits for a lock if the machine is fast.
  await using hold = await stage.hold('LOCK TABLE role_mining_candidate IN SHARE MODE');
  await runJob(api.process, long, jobId);
  await until('the job to have begun', async () => (await stage.observer.job(jobId)).claimId !== null);
  const reason = await Promise.race([
    failed(jobId),
    until('the save', () => stage.observer.isWaiting(worker.proxy, 'role_mining_candidate')),
  ]);
  await hold.release();
  expect(reason === true ? await failed(jobId) : reason).toMatch(
    /^failed: The job was stopped: it took longer than the 1 s/,
  );
  expect(await retries(jobId)).toBe(0);
  expect(await stage.observer.resultCount(jobId)).toBe(0);
  const other = await runNewJob(api.process, sound);
  await until('the other to complete', () => stage.observer.allCompleted([other]));
  await worker.process.kill();
  survived({
    fault: 'Poisoned job: takes longer than it may',
    injected: 1,
    survived: 1,
    figure: 'failed at the first attempt with the limit named; the next job of the same process completed',
  });
});

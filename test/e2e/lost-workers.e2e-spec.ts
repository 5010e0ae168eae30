import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobClaims } from '../../src/role-mining/execution/job-claims.js';
import { openStream } from '../support/open-stream.js';
import { eventually, startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

// Real workers are killed in test/faults; here the queue is as they leave it.
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

interface Job {
  readonly tenantId: string;
  readonly jobId: string;
  readonly token: string;
}

/** A job that a worker has taken and is at. */
async function takenJob(): Promise<Job> {
  const tenantId = crypto.randomUUID();
  const token = service.token({ tenant: tenantId });
  const { body } = await service.call('POST', JOBS, { token, json: { name: 'Taken' } });
  const jobId = body.id as string;
  await service.call('POST', `${JOBS}/${jobId}/run`, { token });
  const job = { tenantId, jobId, token };
  await heard(job, 0);
  const claims = service.app.get(JobClaims, { strict: false });
  const taken = await claims.claim(job);
  await claims.recordProgress(taken!.claim, 40, 'roles');
  return job;
}

/** Nobody offers the job to others meanwhile: an hour passes before its lease counts as lost. */
const heard = ({ tenantId, jobId }: Job, secondsAgo: number): Promise<unknown> =>
  service.asTenant(
    tenantId,
    `UPDATE pgboss.job SET state = 'active', heartbeat_seconds = 3600, heartbeat_on = now() - $2 * interval '1 second'
     WHERE id = $1`,
    [jobId, secondsAgo],
  );

/** A process that takes jobs, last heard of so long ago. */
const registerWorker = ({ tenantId }: Job, secondsAgo: number): Promise<unknown> =>
  service.asTenant(
    tenantId,
    `INSERT INTO pgboss.instance (id, host, pid, version, node_version, heartbeat_seconds, workers, heartbeat_on,
       supervise, schedule, migrate, persist_queue_stats, persist_warnings)
     VALUES (gen_random_uuid(), 'host', 1, '0', '24', 5, '[{"queue": "mining-job"}]', now() - $1 * interval '1 second',
       true, false, false, false, false)`,
    [secondsAgo],
  );

async function answerOf({ jobId, token }: Job): Promise<unknown> {
  const { body } = await service.call('GET', `${JOBS}/${jobId}`, { token });
  return [body.status, body.progress_percent, body.waiting_reason, body.queue_position];
}

async function reportOf({ jobId, token }: Job): Promise<string> {
  return String((await service.call('GET', `${JOBS}/${jobId}/report`, { token })).body.text);
}

/** Jobs that wait, jobs in hand, live workers; an answer of up to two seconds ago. */
async function counted(): Promise<string> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const value = (name: string): string => new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1];
  return ['role_mining_queue_waiting_jobs', 'role_mining_queue_active_jobs', 'role_mining_workers']
    .map(value)
    .join(' ');
}

const metricsShow = (wanted: string): Promise<string> => eventually(counted, (seen) => seen === wanted);

describe('a job whose worker is gone', () => {
  it('says so in its answer, the metrics, the report and its events, and whether another worker is alive', async () => {
    const job = await takenJob();
    await registerWorker(job, 20);
    const events = await openStream(service, `${JOBS}/${job.jobId}/events`, { Authorization: `Bearer ${job.token}` });

    expect(await answerOf(job)).toEqual(['running', 40, null, null]);
    expect(await reportOf(job)).toContain('This job is running');
    await metricsShow('0 1 0');
    const first = await events.next();
    expect(first).toMatchObject({ data: { status: 'running', phase: 'roles', waiting_reason: null } });

    await heard(job, 7);
    expect(await answerOf(job)).toEqual(['running', 40, 'no_worker', null]);
    expect(await reportOf(job)).toContain('no worker is alive to take it');
    await metricsShow('1 0 0');
    expect(await events.next()).toMatchObject({
      id: first!.id,
      type: 'progress',
      data: { status: 'running', phase: 'queued', progress_percent: 40, waiting_reason: 'no_worker' },
    });

    await registerWorker(job, 0);
    expect(await answerOf(job)).toEqual(['running', 40, 'worker_lost', null]);
    expect(await reportOf(job)).toContain('not heard from any more');
    await metricsShow('1 0 1');
    expect(await events.next()).toMatchObject({ data: { phase: 'queued', waiting_reason: 'worker_lost' } });

    // It was only slow.
    await heard(job, 0);
    expect(await answerOf(job)).toEqual(['running', 40, null, null]);
    expect(await events.next()).toMatchObject({ data: { phase: 'roles', waiting_reason: null } });
    events.close();
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OwnServer } from './support/own-server.js';
import { catchNewJob, leadTo, type Phase } from './support/phases.js';
import { generatedGraph, newOrganisation } from './support/organisation.js';
import { expectUndisturbed, undisturbedRun } from './support/results.js';
import { type Answer, call, JOBS, type Member, Stage, type Tenant } from './support/stage.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

/** So short that a spec sees them end. */
const SHORT = {
  DATABASE_POOL_SIZE: '4',
  DATABASE_CONNECT_TIMEOUT_MS: '1500',
  DATABASE_LOCK_TIMEOUT_MS: '3000',
};

let server: OwnServer;
let stage: Stage;
let api: Member;
let worker: Member;
let tenant: Tenant;
let undisturbed: string;

beforeAll(async () => {
  server = await OwnServer.start();
  stage = await Stage.open(server);
  api = await stage.startReady('api', SHORT);
  worker = await stage.startReady('worker', SHORT);
  tenant = await newOrganisation(api.process, await generatedGraph(7));
  undisturbed = await undisturbedRun(api.process, tenant, stage.observer);
});
afterAll(async () => stage[Symbol.asyncDispose]());

/** A refusal that tells the client to come again, in the form that all refusals have. */
function expectTryAgain({ status, headers, body }: Answer): void {
  expect([status, headers.get('Content-Type')]).toEqual([503, expect.stringMatching(/^application\/problem\+json/)]);
  expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(body).toMatchObject({ status: 503, detail: expect.any(String), instance: expect.stringMatching(/^\//) });
}

async function ready(): Promise<void> {
  for (const { process } of [api, worker]) {
    await until('readiness to come back', async () => (await process.readiness()) === 200);
  }
}

/** A job that is in the phase, and held there. */
async function jobIn(phase: Phase): Promise<{ jobId: string; letGo: () => Promise<void> }> {
  const { run, gate } = await catchNewJob(stage, api, tenant, [worker]);
  worker.proxy.keepsClaims = false;
  const hold = await leadTo(phase, run, gate, stage);
  return { jobId: run.jobId, letGo: () => hold.release() };
}

const STOPS = [
  { phase: 'loading', mode: 'fast' },
  { phase: 'mining', mode: 'fast' },
  { phase: 'saving', mode: 'fast' },
  { phase: 'saving', mode: 'immediate' },
] as const;

it.each(STOPS)('a PostgreSQL that stops ($mode) while a job is $phase is waited for', async ({ phase, mode }) => {
  const { jobId, letGo } = await jobIn(phase);
  await server.stop(mode);
  const answers = await Promise.all([
    call(api.process, 'GET', JOBS, tenant),
    call(api.process, 'POST', JOBS, tenant, { json: { name: 'Lost' }, key: `lost-${phase}-${mode}` }),
    call(api.process, 'POST', `${JOBS}/${jobId}/run`, tenant),
    call(api.process, 'DELETE', `${JOBS}/${jobId}`, tenant),
  ]);
  answers.forEach(expectTryAgain);
  expectTryAgain(await call(api.process, 'GET', '/health/ready', tenant));
  expect([await api.process.readiness(), await worker.process.readiness()]).toEqual([503, 503]);
  expect((await call(api.process, 'GET', '/health/live', tenant)).status).toBe(200);

  await server.startAgain();
  await letGo();
  await ready();
  expect((await call(api.process, 'GET', JOBS, tenant)).status).toBe(200);
  await expectUndisturbed(stage.observer, [jobId], undisturbed);
  survived({
    fault: `PostgreSQL stopped (${mode}) and started again, job ${phase}`,
    injected: 1,
    survived: 1,
    figure: `${answers.length} requests got 503 with Retry-After; readiness false and back; the job completed, results equal`,
  });
});

it('requests and jobs live through connections that are cut', async () => {
  const ROUNDS = 20;
  const { jobId } = await jobIn('mining');
  const statuses = new Map<number, number>();
  let isOver = false;
  const ask = async (): Promise<void> => {
    for (let n = 0; !isOver; n++) {
      const answer =
        n % 2 === 0
          ? await call(api.process, 'GET', JOBS, tenant)
          : await call(api.process, 'POST', JOBS, tenant, { json: { name: 'Created or not' } });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status !== 200 && answer.status !== 201) expectTryAgain(answer);
    }
  };
  const clients = Promise.all([ask(), ask(), ask()]);
  let cut = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const ports = [...api.proxy.clientPorts, ...(round % 5 === 0 ? worker.proxy.clientPorts : [])];
    const [{ count }] = await stage.observer.rows<{ count: number }>(
      'SELECT count(pg_terminate_backend(pid))::int AS count FROM pg_stat_activity WHERE client_port = ANY ($1)',
      [ports],
    );
    cut += count;
    // Until somebody has found a connection again.
    const before = (statuses.get(200) ?? 0) + (statuses.get(201) ?? 0);
    await until('an answer', () => (statuses.get(200) ?? 0) + (statuses.get(201) ?? 0) > before);
  }
  isOver = true;
  await clients;
  await ready();
  await expectUndisturbed(stage.observer, [jobId], undisturbed);
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  survived({
    fault: 'Database connections cut (pg_terminate_backend), with requests and a job under way',
    injected: cut,
    survived: cut,
    figure: `answers ${counts}; the job completed, results equal`,
  });
});

it('requests are refused while the pool is exhausted, and a job that waits to end does not fail', async () => {
  const { jobId, letGo } = await jobIn('saving');
  await using lock = await stage.hold('LOCK TABLE role_mining_job IN ACCESS EXCLUSIVE MODE');
  await letGo();
  const requests = Array.from({ length: 12 }, () => call(api.process, 'GET', JOBS, tenant));
  expect(await until('readiness to turn false', async () => (await api.process.readiness()) === 503)).toBe(true);
  const answers = await Promise.all(requests);
  answers.forEach(expectTryAgain);
  // The worker has waited for longer than it may: it gives the job back, for another try.
  await until('the worker to give up its save', async () => {
    const [{ retries }] = await stage.observer.rows<{ retries: number }>(
      `SELECT retry_count + (state = 'retry')::int AS retries FROM pgboss.job WHERE id = $1`,
      [jobId],
    );
    return retries > 0;
  });
  await lock.release();
  await ready();
  expect((await call(api.process, 'GET', JOBS, tenant)).status).toBe(200);
  await expectUndisturbed(stage.observer, [jobId], undisturbed);
  survived({
    fault: 'Pool exhausted by requests that wait for a lock, a job waiting to end',
    injected: answers.length,
    survived: answers.length,
    figure: 'all got 503 with Retry-After; readiness false and back; the job completed, results equal',
  });
});

it("a job outlives a database that takes the queue's statements and not its own, for longer than attempts without a pause would last", async () => {
  const { jobId } = await jobIn('mining');
  // Whatever is asked in a tenant's name; the queue hands the job out again and again, to a worker that cannot claim it.
  worker.proxy.cuts = 'SELECT set_config(';
  const attempt = (count: number): Promise<number> =>
    until(`attempt ${count}`, async () => {
      const [job] = await stage.observer.rows<{ retries: number }>(
        'SELECT retry_count AS retries FROM pgboss.job WHERE id = $1',
        [jobId],
      );
      return job.retries >= count ? performance.now() : null;
    });
  const firstAt = await attempt(1);
  const fourthAt = await attempt(4);
  worker.proxy.cuts = null;
  await expectUndisturbed(stage.observer, [jobId], undisturbed);
  // Pauses of 2, 4 and 8 s lie between; without them there would be one attempt a second.
  const took = (fourthAt - firstAt) / 1000;
  expect(took).toBeGreaterThan(13);
  survived({
    fault: 'Database that takes the statements of the queue and cuts the connections of the job at every attempt',
    injected: 4,
    survived: 4,
    figure: `three further attempts of 20 took ${took.toFixed(0)} s; then the job completed, results equal`,
  });
});

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { catchNewJob, leadTo, type Phase } from './support/phases.js';
import { generatedGraph, newOrganisation } from './support/organisation.js';
import { call, JOBS, type Member, runNewJob, Stage, type Tenant } from './support/stage.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

/** What orchestrators wait for by default before they kill is 30 s. */
const GRACE_MS = 20_000;

let stage: Stage;
let api: Member;
let tenant: Tenant;

beforeAll(async () => {
  stage = await Stage.open();
  api = await stage.startReady('api');
  tenant = await newOrganisation(api.process, await generatedGraph(11));
});
afterAll(async () => stage[Symbol.asyncDispose]());

const ENDS: readonly { phase: Phase; meanwhile: 'goes on' | 'waits' }[] = [
  { phase: 'mining', meanwhile: 'goes on' },
  { phase: 'loading', meanwhile: 'goes on' },
  { phase: 'saving', meanwhile: 'goes on' },
  { phase: 'loading', meanwhile: 'waits' },
  { phase: 'saving', meanwhile: 'waits' },
];

it.each(ENDS)(
  'a worker that is told to end in $phase, whose statement $meanwhile, ends in time with 0',
  async (end) => {
    const { phase, meanwhile } = end;
    // Statements may wait for longer than the process may take to end.
    const worker = await stage.startReady('worker', {
      DATABASE_LOCK_TIMEOUT_MS: '120000',
      DATABASE_STATEMENT_TIMEOUT_MS: '180000',
    });
    const { run, gate } = await catchNewJob(stage, api, tenant, [worker]);
    const { jobId } = run;
    await using hold = await leadTo(phase, run, gate, stage);
    const waiting = [await runNewJob(api.process, tenant), await runNewJob(api.process, tenant)];

    const toldAt = performance.now();
    worker.process.signal('SIGTERM');
    if (meanwhile === 'goes on') await hold.release();
    const { code, signal } = await worker.process.ended;
    const took = performance.now() - toldAt;
    await hold.release();
    expect([code, signal]).toEqual([0, null]);
    expect(took).toBeLessThan(GRACE_MS);
    // It has taken nothing more.
    expect(worker.proxy.claims.map((claim) => claim.jobId)).toEqual([jobId]);
    const left = await stage.observer.job(jobId);
    const isFinished = left.status === 'completed';
    if (!isFinished) expect(left.status).toBe('running');

    const next = await stage.start('worker');
    await until('all jobs to complete', () => stage.observer.allCompleted([jobId, ...waiting]));
    for (const id of [jobId, ...waiting]) expect(await stage.observer.completions(id)).toBe(1);
    await next.process.kill();
    survived({
      fault: `SIGTERM of a worker in ${phase}, whose statement ${meanwhile}`,
      injected: 1,
      survived: 1,
      figure: `exit 0 after ${(took / 1000).toFixed(1)} s, the job ${isFinished ? 'finished' : 'handed back and taken over'}; none of 2 waiting jobs taken`,
    });
  },
);

it('an API that is told to end answers what it has begun, takes nothing new and ends with 0', async () => {
  const other = await stage.startReady('api');
  await using lock = await stage.hold('LOCK TABLE role_mining_job IN ACCESS EXCLUSIVE MODE');
  // A client that keeps its connection open must not keep the process.
  const agent = new Agent({ keepAlive: true });
  const idle = request(`${other.process.url}/health/live`, { agent }).end();
  const [response] = (await once(idle, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');

  const begun = call(other.process, 'POST', JOBS, tenant, { json: { name: 'Begun' } });
  await until('the request to wait', () => stage.observer.isWaiting(other.proxy, 'role_mining_job'));
  const toldAt = performance.now();
  other.process.signal('SIGTERM');
  await until('new requests to be refused', async () => (await other.process.readiness()) !== 200);
  await lock.release();
  expect((await begun).status).toBe(201);
  expect(await other.process.ended).toEqual({ code: 0, signal: null });
  const took = performance.now() - toldAt;
  agent.destroy();
  survived({
    fault: 'SIGTERM of the API with a request under way and a connection kept open',
    injected: 1,
    survived: 1,
    figure: `the request was answered 201, exit 0 after ${(took / 1000).toFixed(1)} s`,
  });
});

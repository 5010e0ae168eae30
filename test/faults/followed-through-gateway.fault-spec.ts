import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/demo/service-process.js';
import { type Gateway, hasNginx, startNginx } from '../support/nginx.js';
import { type OpenStream, openStream } from '../support/open-stream.js';
import { generatedGraph, importGraph } from './support/organisation.js';
import { nextRun } from './support/phases.js';
import {
  call,
  createJob,
  JOBS,
  type Member,
  newTenant,
  runJob,
  runNewJob,
  Stage,
  type Tenant,
} from './support/stage.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

/** Below which deploy/gateway publishes the service. */
const PREFIX = '/iam';

const behindNginx = hasNginx() ? describe : describe.skip;
if (!hasNginx()) process.stdout.write('Skipped: followed-through-gateway needs nginx, which is not installed\n');

type Told = NonNullable<Awaited<ReturnType<OpenStream['next']>>>;

/** What a stream has told so far, with when; `hasEnded` when it was closed. */
class Follower {
  readonly told: (Told & { readonly at: number })[] = [];
  hasEnded = false;

  constructor(stream: OpenStream) {
    void this.listen(stream);
  }

  /** Waits for an event of that kind that comes after `from` others. */
  event(what: string, isWanted: (event: Told) => boolean, from = 0): Promise<Told & { readonly at: number }> {
    return until(what, () => this.told.slice(from).find(isWanted) ?? null);
  }

  private async listen(stream: OpenStream): Promise<void> {
    for (let event = await stream.next(); event !== null; event = await stream.next()) {
      this.told.push({ ...event, at: performance.now() });
    }
    this.hasEnded = true;
  }
}

/** Seconds of such a job are still to come. */
const isMining = ({ data }: Told): boolean =>
  data.phase === 'patterns' || (data.phase === 'roles' && (data.progress_percent as number) < 50);

behindNginx('a job followed through nginx', () => {
  let stage: Stage;
  let api: Member;
  let gateway: Gateway;
  let tenant: Tenant;

  beforeAll(async () => {
    stage = await Stage.open();
    api = await stage.startReady('api', { TRUST_PROXY: '127.0.0.1', PUBLIC_BASE_PATH: PREFIX });
    const port = Number(new URL(api.process.url).port);
    // Both servers of the configuration are this one.
    gateway = await startNginx(await freePort('127.0.0.1', 0), [port, port]);
    tenant = newTenant();
    await importGraph(api.process, tenant, await generatedGraph(7));
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  const through = (): { url: string } => ({ url: gateway.url + PREFIX });
  const follow = async (jobId: string): Promise<Follower> => {
    const headers = { Authorization: `Bearer ${tenant.token}` };
    const stream = await openStream(through(), `${JOBS}/${jobId}/events`, headers);
    expect(stream.status).toBe(200);
    return new Follower(stream);
  };
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`;

  it('goes on in one stream when its worker is killed: lost, then at another worker, then completed', async () => {
    const workers = [await stage.startReady('worker'), await stage.startReady('worker')];
    const undisturbed = await runNewJob(through(), tenant);
    await until('the undisturbed run', () => stage.observer.allCompleted([undisturbed]));

    for (const { proxy } of workers) proxy.keepsClaims = true;
    const jobId = await createJob(through(), tenant);
    const follower = await follow(jobId);
    await runJob(through(), tenant, jobId);
    const first = await nextRun(jobId, () => workers);
    first.forward();
    await follower.event('the first run at mining', isMining);
    const before = follower.told.length;
    const killedAt = performance.now();
    await first.worker.process.kill();
    expect(await stage.observer.job(jobId)).toMatchObject({ status: 'running', claimId: first.claimId });

    const lost = await follower.event('the loss', ({ data }) => data.waiting_reason === 'worker_lost', before);
    expect(lost.data).toMatchObject({ status: 'running', phase: 'queued' });
    const second = await nextRun(jobId, () => workers, new Set([first.claimId]));
    expect(second.worker).not.toBe(first.worker);
    const told = follower.told.length;
    second.worker.proxy.keepsClaims = false;
    second.forward();
    await follower.event(
      'the second run',
      ({ id, data }) => id > lost.id && data.status === 'running' && data.waiting_reason === null,
      told,
    );
    const ended = await follower.event('the end', ({ type }) => type === 'ended');
    expect(ended.data).toMatchObject({ status: 'completed', progress_percent: 100 });
    await until('the stream to end with its job', () => follower.hasEnded);

    expect(await stage.observer.fingerprint(jobId)).toBe(await stage.observer.fingerprint(undisturbed));
    expect(await stage.observer.completions(jobId)).toBe(1);
    const percents = follower.told.map(({ data }) => data.progress_percent as number);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    const ids = follower.told.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const events = (await gateway.log()).filter(({ uri }) => uri.endsWith(`${jobId}/events`));
    expect(events.map(({ method, status }) => [method, status])).toEqual([['GET', 200]]);
    for (const { process } of workers) await process.kill();
    survived({
      fault: 'SIGKILL of the worker of a job that is followed through nginx',
      injected: 1,
      survived: 1,
      figure:
        `one stream to the end: lost after ${seconds(killedAt, lost.at)}, claimed by the other after ` +
        `${seconds(killedAt, second.at)}, completed; results equal`,
    });
  });

  it('of the only worker, which is killed, is known to wait for one: answer, metrics, report and stream', async () => {
    const worker = await stage.startReady('worker');
    const jobId = await runNewJob(through(), tenant);
    const follower = await follow(jobId);
    await follower.event('the run at mining', isMining);
    const killedAt = performance.now();
    await worker.process.kill();

    const answer = until('the answer', async () => {
      const { body } = await call(through(), 'GET', `${JOBS}/${jobId}`, tenant);
      return body['waiting_reason'] === 'no_worker' && performance.now();
    });
    const metrics = until('the metrics', async () => {
      const text = await (await fetch(`${api.process.url}/metrics`)).text();
      const isTold = /^role_mining_queue_waiting_jobs 1$/m.test(text) && /^role_mining_workers 0$/m.test(text);
      return isTold && performance.now();
    });
    const report = until('the report', async () => {
      const response = await fetch(`${gateway.url}${PREFIX}${JOBS}/${jobId}/report`, {
        headers: { Authorization: `Bearer ${tenant.token}` },
      });
      return (await response.text()).includes('no worker is alive to take it') && performance.now();
    });
    const stream = follower.event('the stream', ({ data }) => data.waiting_reason === 'no_worker');
    const times = [await answer, await metrics, await report, (await stream).at];

    const next = await stage.startReady('worker');
    await until('the job to complete', () => stage.observer.allCompleted([jobId]));
    await until('the stream to end with its job', () => follower.hasEnded);
    expect(follower.told.at(-1)).toMatchObject({ type: 'ended', data: { status: 'completed' } });
    await next.process.kill();
    survived({
      fault: 'SIGKILL of the only worker with a job in hand',
      injected: 1,
      survived: 1,
      figure:
        `no worker alive, said by answer, metrics, report and stream after ` +
        `${times.map((at) => seconds(killedAt, at)).join(', ')}; a worker started later completed it`,
    });
    // Three of its heartbeats in the queue's registry (15 s), and two seconds for the metrics and the stream.
    expect(Math.max(...times) - killedAt).toBeLessThan(20_000);
  });
});

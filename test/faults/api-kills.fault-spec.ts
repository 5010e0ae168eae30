import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type Answer,
  call,
  createJob,
  type Member,
  JOBS,
  newTenant,
  runNewJob,
  Stage,
  type Tenant,
} from './support/stage.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => stage[Symbol.asyncDispose]());

/** A change of state that a client asks for, and what it leaves behind when it was done once. */
interface Change {
  readonly name: string;
  /** Makes what the change needs. */
  prepare(api: Member, tenant: Tenant): Promise<string>;
  ask(api: Member, tenant: Tenant, jobId: string, key: string): Promise<Answer>;
  /** How often it was done. */
  readonly action: 'job.create' | 'job.run' | 'job.cancel';
}

const CHANGES: readonly Change[] = [
  {
    name: 'create',
    prepare: () => Promise.resolve(''),
    ask: ({ process }, tenant, _jobId, key) => call(process, 'POST', JOBS, tenant, { json: { name: 'Once' }, key }),
    action: 'job.create',
  },
  {
    name: 'run',
    prepare: ({ process }, tenant) => createJob(process, tenant),
    ask: ({ process }, tenant, jobId, key) => call(process, 'POST', `${JOBS}/${jobId}/run`, tenant, { key }),
    action: 'job.run',
  },
  {
    name: 'cancel',
    prepare: ({ process }, tenant) => runNewJob(process, tenant),
    ask: ({ process }, tenant, jobId, key) => call(process, 'DELETE', `${JOBS}/${jobId}`, tenant, { key }),
    action: 'job.cancel',
  },
];

const ROUNDS = 2;
/** The statement after which the server's answers no longer reach the process: before the change is committed, or after. */
const MOMENTS = [
  {
    name: 'before the commit',
    after: 'INSERT INTO idempotent_answer (tenant_id, key, fingerprint, status',
    isDone: false,
  },
  { name: 'between the commit and the answer', after: 'COMMIT', isDone: true },
] as const;

async function timesDone(tenant: Tenant, action: string): Promise<number> {
  const [{ count }] = await stage.observer.rows<{ count: number }>(
    'SELECT count(*)::int AS count FROM audit_event WHERE tenant_id = $1 AND action = $2',
    [tenant.id, action],
  );
  return count;
}

it.each(MOMENTS)('a client whose API is killed $name does it once by trying again', async ({ name, after, isDone }) => {
  let rounds = 0;
  let replayed = 0;
  let api = await stage.startReady('api');
  for (let round = 0; round < ROUNDS; round++) {
    for (const change of CHANGES) {
      const tenant = newTenant();
      const jobId = await change.prepare(api, tenant);
      const key = randomUUID();
      const kept = api.proxy.muteAfter(after, { when: 'INSERT INTO idempotent_answer' });
      const firstTry = change.ask(api, tenant, jobId, key).then(
        (answer) => `answered ${answer.status}`,
        () => 'lost',
      );
      await kept;
      expect(await timesDone(tenant, change.action)).toBe(isDone ? 1 : 0);
      await api.process.kill();
      expect(await firstTry).toBe('lost');

      api = await stage.startReady('api');
      const second = await change.ask(api, tenant, jobId, key);
      const third = await change.ask(api, tenant, jobId, key);
      const expected = { create: 201, run: 200, cancel: 204 }[change.name];
      expect([change.name, second.status]).toEqual([change.name, expected]);
      expect(second.headers.get('Idempotency-Replayed')).toBe(isDone ? 'true' : null);
      expect([third.status, third.body, third.headers.get('Idempotency-Replayed')]).toEqual([
        second.status,
        second.body,
        'true',
      ]);
      expect(await timesDone(tenant, change.action)).toBe(1);
      if (change.name === 'run') {
        const { status, queued } = await stage.observer.job(jobId);
        expect([status, queued]).toEqual(['running', 'created']);
      }
      rounds += 1;
      if (isDone) replayed += 1;
    }
  }
  await api.process.kill();
  survived({
    fault: `SIGKILL of the API ${name} (create, run, cancel)`,
    injected: rounds,
    survived: rounds,
    figure: isDone
      ? `${replayed} retries with the same Idempotency-Key got the first answer; each change done once`
      : 'nothing was done by the lost call; the retry did it once',
  });
});

it('a worker that comes after the API was killed finds the job that it had handed out', async () => {
  const api = await stage.startReady('api');
  const tenant = newTenant();
  const jobId = await createJob(api.process, tenant);
  const kept = api.proxy.muteAfter('COMMIT', { when: 'INSERT INTO idempotent_answer' });
  const lost = CHANGES[1].ask(api, tenant, jobId, randomUUID()).catch(() => null);
  await kept;
  await api.process.kill();
  expect(await lost).toBeNull();
  const worker = await stage.startReady('worker');
  await until('the job to complete', () => stage.observer.allCompleted([jobId]));
  expect((await worker.process.stop()).code).toBe(0);
  survived({
    fault: 'SIGKILL of the API after it handed out a job',
    injected: 1,
    survived: 1,
    figure: 'a worker that came later completed the job',
  });
});

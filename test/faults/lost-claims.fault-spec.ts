import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { catchNewJob, freezeIn, nextRun, type Phase } from './support/phases.js';
import { generatedGraph, newOrganisation } from './support/organisation.js';
import { expectUndisturbed, undisturbedRun } from './support/results.js';
import { seeded, shuffled } from './support/seeded.js';
import {
  type Answer,
  call,
  createJob,
  JOBS,
  type Member,
  runJob,
  runNewJob,
  smallGraph,
  Stage,
  type Tenant,
} from './support/stage.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

/** Held statements do not give up, and the server does not end the transactions of a frozen process: the takeover does. */
const PATIENT = {
  DATABASE_LOCK_TIMEOUT_MS: '300000',
  DATABASE_STATEMENT_TIMEOUT_MS: '400000',
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '600000',
};
const TAKEOVER_MS = 15_000;

let stage: Stage;
let api: Member;
let tenant: Tenant;
let undisturbed: string;

beforeAll(async () => {
  stage = await Stage.open();
  api = await stage.startReady('api');
  tenant = await newOrganisation(api.process, await generatedGraph(3));
});
afterAll(async () => stage[Symbol.asyncDispose]());

describe('a worker that was frozen until another had taken its job over', () => {
  const workers: Member[] = [];
  beforeAll(async () => {
    for (let count = 0; count < 2; count++) workers.push(await stage.startReady('worker', PATIENT));
    undisturbed = await undisturbedRun(api.process, tenant, stage.observer);
  });
  afterAll(async () => {
    for (const { process } of workers) await process.kill();
  });
  afterEach(() => {
    for (const { process } of workers) process.signal('SIGCONT');
  });

  const phases: Phase[] = shuffled(['loading', 'mining', 'saving'], seeded('lost claims'));
  it.each(
    phases.flatMap(
      (phase) =>
        [
          { phase, meanwhile: 'still runs it' },
          { phase, meanwhile: 'has completed it' },
        ] as const,
    ),
  )('in $phase writes nothing when it comes back while the other $meanwhile', async ({ phase, meanwhile }) => {
    const { run: first, gate } = await catchNewJob(stage, api, tenant, workers);
    const { jobId } = first;
    const held = await freezeIn(phase, first, gate, stage);
    const frozenAt = performance.now();
    // Its sessions are left alone: what it waited for it gets, as if the network had stood still.
    await Promise.all([held.release(), gate.release()]);
    const other = await nextRun(jobId, () => workers, new Set([first.claimId]));
    expect(other.worker).not.toBe(first.worker);
    const takenOverAfter = other.at - frozenAt;
    expect(takenOverAfter).toBeLessThan(TAKEOVER_MS);
    for (const { proxy } of workers) proxy.keepsClaims = false;
    // The other is held where the first one, which may still read, does not stand in the way.
    const where =
      phase === 'loading'
        ? 'LOCK TABLE role_mining_pattern IN SHARE MODE'
        : 'LOCK TABLE access_assignment IN ACCESS EXCLUSIVE MODE';
    await using hold = meanwhile === 'still runs it' ? await stage.hold(where) : null;
    other.forward();
    await until('the other to have ended what the first was writing', async () =>
      (await stage.observer.sessions(first.worker.proxy)).every(({ hasWritten }) => !hasWritten),
    );
    const completed = (): Promise<boolean> => stage.observer.allCompleted([jobId]);
    if (hold === null) {
      await until('the other to complete', completed);
    } else {
      await until('the claim of the other', async () => (await stage.observer.job(jobId)).claimId === other.claimId);
    }
    if (hold === null) await other.worker.process.freeze();
    first.worker.process.signal('SIGCONT');
    // It has let go once it takes another job, which nobody else can take: it runs one at a time.
    const next = await runNewJob(api.process, tenant);
    await nextRun(next, () => [first.worker]);
    other.worker.process.signal('SIGCONT');
    if (hold !== null) {
      const { claimId, status, queued } = await stage.observer.job(jobId);
      expect([claimId, status, queued]).toEqual([other.claimId, 'running', 'active']);
      await hold.release();
      await until('the other to complete', completed);
    }
    await expectUndisturbed(stage.observer, [jobId, next], undisturbed);
    expect((await stage.observer.job(jobId)).claimId).toBe(other.claimId);
    survived({
      fault: `Worker frozen in ${phase} until its lease was lost, back while the other ${meanwhile}`,
      injected: 1,
      survived: 1,
      figure: `taken over after ${(takenOverAfter / 1000).toFixed(1)} s; it wrote nothing; one completion, results equal`,
    });
  });
});

describe('the only worker, frozen while it saves for longer than its transaction may be idle', () => {
  it('runs the job again when it comes back', async () => {
    const worker = await stage.startReady('worker', { DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '2000' });
    const { run, gate } = await catchNewJob(stage, api, tenant, [worker]);
    const held = await freezeIn('saving', run, gate, stage);
    worker.proxy.keepsClaims = false;
    await held.release();
    const isSaving = async (): Promise<boolean> =>
      (await stage.observer.sessions(worker.proxy)).some(({ hasWritten }) => hasWritten);
    await until('the server to end the idle transaction', async () => !(await isSaving()));
    worker.process.signal('SIGCONT');
    await expectUndisturbed(stage.observer, [run.jobId], undisturbed);
    await worker.process.kill();
    survived({
      fault: 'The only worker frozen in saving until the server had ended its transaction',
      injected: 1,
      survived: 1,
      figure: 'it ran the job again; one completion, results equal',
    });
  });
});

describe('a cancellation that races the completion', () => {
  const ROUNDS = 60;
  const COMPLETION = '"candidate_count" = ';
  const ORDERS = ['cancellation first', 'completion first', 'at once'] as const;

  it('leaves the job in exactly one of the two states', async () => {
    const worker = await stage.startReady('worker');
    const small = await newOrganisation(api.process, smallGraph());
    const orders = shuffled(
      Array.from({ length: ROUNDS }, (_, round) => ORDERS[round % ORDERS.length]),
      seeded('cancel'),
    );
    const ends = { completed: 0, cancelled: 0, 'completed, then deleted': 0 };
    for (const order of orders) {
      const end = await race(worker, small, order);
      ends[end] += 1;
    }
    // Who waits first mostly wins: PostgreSQL keeps no order among those who wait for a row that is being changed.
    expect(Math.min(ends.completed, ends.cancelled)).toBeGreaterThan(0);
    await worker.process.kill();
    survived({
      fault: 'Cancellation racing the completion',
      injected: ROUNDS,
      survived: ROUNDS,
      figure: `${Object.entries(ends)
        .map(([end, count]) => `${count} ${end}`)
        .join(', ')}; no results of a cancelled job`,
    });
  });

  /** The worker has begun to save; it and the cancellation then wait for the job's row, in the order given. */
  async function race(worker: Member, owner: Tenant, order: (typeof ORDERS)[number]) {
    const jobId = await createJob(api.process, owner);
    const saving = await stage.hold('LOCK TABLE role_mining_pattern IN SHARE MODE');
    await runJob(api.process, owner, jobId);
    await waits(worker, 'role_mining_pattern');
    const row = order === 'at once' ? null : await stage.holdJob(jobId);
    const cancel = (): Promise<Answer> => call(api.process, 'DELETE', `${JOBS}/${jobId}`, owner);
    let answer: Promise<Answer>;
    if (order === 'completion first') {
      await saving.release();
      await waits(worker, 'row', COMPLETION);
      answer = cancel();
      await waits(api, 'row');
    } else {
      answer = cancel();
      if (row !== null) await waits(api, 'row');
      await saving.release();
      if (row !== null) await waits(worker, 'row', COMPLETION);
    }
    await row?.release();

    const { status: answered } = await answer;
    await until('the worker to let go', async () => {
      const [queued] = await stage.observer.rows<{ state: string }>('SELECT state FROM pgboss.job WHERE id = $1', [
        jobId,
      ]);
      return queued.state === 'completed';
    });
    const results = await stage.observer.resultCount(jobId);
    const completions = await stage.observer.completions(jobId);
    const [job] = await stage.observer.jobs([jobId]);
    if (job === undefined) {
      // The cancellation came when the job had completed: then it is a deletion.
      expect([answered, results, completions]).toEqual([204, 0, 1]);
      return 'completed, then deleted';
    }
    if (job.status === 'cancelled') {
      expect([answered, results, completions]).toEqual([204, 0, 0]);
      return 'cancelled';
    }
    expect([job.status, answered, completions, results > 0]).toEqual(['completed', 409, 1, true]);
    return 'completed';
  }

  /** @param statement a part of its text: the worker's progress waits for the row as well */
  async function waits({ proxy }: Member, what: string, statement?: string): Promise<void> {
    await until(`a session to wait for ${what}`, () => stage.observer.isWaiting(proxy, what, statement));
  }
});

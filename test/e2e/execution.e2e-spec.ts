import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AccessGraphReader } from '../../src/access-graph/snapshot/access-graph.reader.js';
import { AccessSnapshotBuilder } from '../../src/access-graph/snapshot/access-snapshot-builder.js';
import type { AccessSnapshot } from '../../src/access-graph/snapshot/access-snapshot.js';
import { CandidatesStore } from '../../src/role-mining/candidates/candidates.store.js';
import { ExcessivePrivilegesStore } from '../../src/role-mining/excessive-privileges/excessive-privileges.store.js';
import { Config } from '../../src/config/config.js';
import { connectionOf, ConnectionLostError, TenantTransaction } from '../../src/database/tenant-transaction.js';
import { type JobClaim, JobClaims, sessionOf } from '../../src/role-mining/execution/job-claims.js';
import { LostJobs } from '../../src/role-mining/execution/lost-jobs.js';
import { MiningRunner } from '../../src/role-mining/execution/mining-runner.js';
import { PatternsStore } from '../../src/role-mining/patterns/patterns.store.js';
import { type Answer, eventually, startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

// No consumer of the queue: the specs play the worker.
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());
afterEach(() => {
  jest.restoreAllMocks();
});

const provided = <T>(token: abstract new (...args: never[]) => T): T => service.app.get<T>(token, { strict: false });
const never = (): AbortSignal => new AbortController().signal;

interface RunningJob {
  readonly tenantId: string;
  readonly jobId: string;
  readonly token: string;
}

async function runningJob(): Promise<RunningJob> {
  const tenantId = randomUUID();
  const token = service.token({ tenant: tenantId });
  const { body } = await service.call('POST', JOBS, { token, json: { name: 'Mine' } });
  await service.call('POST', `${JOBS}/${body.id as string}/run`, { token });
  return { tenantId, token, jobId: body.id as string };
}

const read = async ({ jobId, token }: RunningJob): Promise<Answer['body']> =>
  (await service.call('GET', `${JOBS}/${jobId}`, { token })).body;

/** Makes reading the graph wait until the returned function is called. */
function holdReader(): () => void {
  const held = Promise.withResolvers<AccessSnapshot>();
  jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockReturnValue(held.promise);
  return () => held.resolve(new AccessSnapshotBuilder().build(new Date()));
}

/** A transaction of a claim that has written the job's row and stands still, as that of a frozen worker does. */
async function standStill(claim: JobClaim): Promise<{ ended: Promise<unknown> }> {
  const { promise: hasWritten, resolve } = Promise.withResolvers<void>();
  const ended = provided(TenantTransaction).run(
    claim.tenantId,
    async (manager) => {
      await manager.query('UPDATE role_mining_job SET updated_at = now() WHERE id = $1', [claim.jobId]);
      resolve();
      await once(await connectionOf(manager), 'end');
      await manager.query('SELECT 1');
    },
    { sessionName: sessionOf(claim) },
  );
  ended.catch(() => undefined);
  await hasWritten;
  return { ended };
}

/** Five users with the same three entitlements: a pattern and a candidate. */
function teamOfFive(): AccessSnapshot {
  const graph = new AccessSnapshotBuilder();
  const entitlementIds = ['read', 'write', 'delete'].map((name) => {
    const id = randomUUID();
    graph.addEntitlement({ id, name });
    return id;
  });
  for (let user = 0; user < 5; user++) graph.addUser({ id: randomUUID(), entitlementIds });
  return graph.build(new Date());
}

describe('a run', () => {
  it('that cannot read the graph fails with a sentence that gives nothing away', async () => {
    const job = await runningJob();
    jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockRejectedValue(new Error('secret host db-17'));
    await provided(MiningRunner).run(job, never());

    const body = await read(job);
    expect(body).toMatchObject({ status: 'failed', candidate_count: 0, summary: null, queue_position: null });
    expect(body.error_message).toMatch(/internal error/);
    expect(body.error_message).not.toMatch(/db-17/);
    expect(body.completed_at).not.toBeNull();
  });

  it('whose database is away is left to be tried again', async () => {
    const job = await runningJob();
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockRejectedValue(away);
    await expect(provided(MiningRunner).run(job, never())).rejects.toBe(away);
    expect((await read(job)).status).toBe('running');
  });

  it('that waits too long for a lock is left to be tried again', async () => {
    const job = await runningJob();
    const contended = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
    jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockRejectedValue(contended);
    await expect(provided(MiningRunner).run(job, never())).rejects.toBe(contended);
    expect((await read(job)).status).toBe('running');
  });

  it.each([
    {
      code: '57014',
      reason: 'A statement took longer than the database allows a job (DATABASE_BULK_STATEMENT_TIMEOUT_MS)',
    },
    { code: '53100', reason: 'The results could not be saved: the database has no room left on its disk' },
  ])('that the database ends with $code fails and says why', async ({ code, reason }) => {
    const job = await runningJob();
    jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockRejectedValue(Object.assign(new Error('no'), { code }));
    await provided(MiningRunner).run(job, never());
    expect(await read(job)).toMatchObject({ status: 'failed', error_message: reason });
  });

  it('that takes longer than it may fails and names the limit', async () => {
    const job = await runningJob();
    const { worker } = provided(Config);
    jest.replaceProperty(provided(Config), 'worker', { ...worker, jobTimeLimitSeconds: 0 });
    // A timer that was started later ends later.
    jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockImplementation(async () => {
      await once(AbortSignal.timeout(5), 'abort');
      return new AccessSnapshotBuilder().build(new Date());
    });
    await provided(MiningRunner).run(job, never());
    expect(await read(job)).toMatchObject({
      status: 'failed',
      error_message: 'The job was stopped: it took longer than the 0 s that a job may run (JOB_TIME_LIMIT_SECONDS)',
    });
  });

  it('is handed back when its process has to go', async () => {
    const job = await runningJob();
    const letGo = holdReader();
    const shutdown = new AbortController();
    const run = provided(MiningRunner).run(job, shutdown.signal);
    shutdown.abort(new Error('shutting down'));
    letGo();
    await expect(run).rejects.toThrow('shutting down');
    expect((await read(job)).status).toBe('running');
  });

  it('does nothing for a job that was cancelled while it waited', async () => {
    const job = await runningJob();
    await service.call('DELETE', `${JOBS}/${job.jobId}`, { token: job.token });
    const reader = jest.spyOn(provided(AccessGraphReader), 'readSnapshot');
    await provided(MiningRunner).run(job, never());
    expect(reader).not.toHaveBeenCalled();
    expect((await read(job)).status).toBe('cancelled');
  });

  it('that is cancelled stops by itself and writes nothing more', async () => {
    const job = await runningJob();
    const letGo = holdReader();
    const run = provided(MiningRunner).run(job, never());
    await eventually(
      () =>
        service.asTenant<{ isClaimed: boolean }>(
          job.tenantId,
          'SELECT claim_id IS NOT NULL AS "isClaimed" FROM role_mining_job WHERE id = $1',
          [job.jobId],
        ),
      ([{ isClaimed }]) => isClaimed,
    );
    await service.call('DELETE', `${JOBS}/${job.jobId}`, { token: job.token });
    letGo();
    await run;
    expect(await read(job)).toMatchObject({ status: 'cancelled', candidate_count: 0, summary: null });
  });

  it('that is cancelled while its results are saved answers meanwhile, and stops saving', async () => {
    const job = await runningJob();
    jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockResolvedValue(teamOfFive());
    const heard = jest.spyOn(provided(JobClaims), 'recordProgress');
    const patterns = provided(PatternsStore);
    const insertPatterns = patterns.insert.bind(patterns);
    const insertCandidates = jest.spyOn(provided(CandidatesStore), 'insert');
    const insertFlags = jest.spyOn(provided(ExcessivePrivilegesStore), 'insert');
    let answer: Answer | undefined;
    jest.spyOn(patterns, 'insert').mockImplementation(async (...insertion) => {
      // The candidates have been written and are not committed: the transaction is open all the while.
      answer = await service.call('DELETE', `${JOBS}/${job.jobId}`, { token: job.token });
      await eventually(
        () => Promise.all(heard.mock.results.map(({ value }) => value as Promise<boolean>)),
        (answers) => answers.includes(false),
      );
      await insertPatterns(...insertion);
    });

    await provided(MiningRunner).run(job, never());

    expect(insertCandidates).toHaveBeenCalled();
    expect(answer?.status).toBe(204);
    expect(insertFlags).not.toHaveBeenCalled();
    expect(await read(job)).toMatchObject({ status: 'cancelled', candidate_count: 0, summary: null });
    expect(await service.asTenant(job.tenantId, 'SELECT id FROM role_mining_candidate')).toEqual([]);
  });

  it('that was taken over by another worker writes nothing, whatever it tries', async () => {
    const job = await runningJob();
    const claims = provided(JobClaims);
    const first = (await claims.claim(job))!.claim;
    const second = (await claims.claim(job))!.claim;

    expect(await claims.recordProgress(first, 50, 'roles')).toBe(false);
    expect(await claims.fail(first, 'late')).toBe(false);
    expect(await claims.recordProgress(second, 40, 'roles')).toBe(true);
    expect(await claims.recordProgress(second, 20, 'roles')).toBe(true);
    expect(await read(job)).toMatchObject({ status: 'running', progress_percent: 40, error_message: null });
  });

  it('that was taken over while it stood still in a transaction holds up nobody', async () => {
    const job = await runningJob();
    const claims = provided(JobClaims);
    const first = (await claims.claim(job))!.claim;
    const { ended } = await standStill(first);
    // Well before its locks would have been waited for in vain.
    expect(await claims.claim(job)).not.toBeNull();
    await expect(ended).rejects.toThrow(ConnectionLostError);
  });

  it('whose connection is ended by whoever takes it over lets go at once', async () => {
    const job = await runningJob();
    jest.spyOn(provided(AccessGraphReader), 'readSnapshot').mockResolvedValue(teamOfFive());
    // The claim is found lost by the save, not by the progress that is written meanwhile.
    jest.spyOn(provided(PatternsStore), 'insert').mockImplementation(async () => {
      await provided(TenantTransaction).runApart(job.tenantId, () => provided(JobClaims).claim(job));
    });
    await provided(MiningRunner).run(job, never());
    expect(await read(job)).toMatchObject({ status: 'running', candidate_count: 0 });
  });

  it('ends in exactly one of two states when a cancellation races its completion', async () => {
    const jobs = await Promise.all(Array.from({ length: 12 }, () => runningJob()));
    await Promise.all(
      jobs.map(async (job) => {
        const [answer] = await Promise.all([
          service.call('DELETE', `${JOBS}/${job.jobId}`, { token: job.token }),
          provided(MiningRunner).run(job, never()),
        ]);
        const status = (await service.call('GET', `${JOBS}/${job.jobId}`, { token: job.token })).body.status;
        // 204 for the cancellation that won (or for a deletion of what had completed before), 409 for one that lost.
        if (status === 'completed') expect(answer.status).toBe(409);
        else expect([204, status]).toEqual([answer.status, status === 'cancelled' ? 'cancelled' : 404]);
      }),
    );
  });
});

describe('jobs that nobody would run', () => {
  const inQueue = (job: RunningJob): Promise<{ state: string }[]> =>
    service.asTenant(job.tenantId, 'SELECT state::text FROM pgboss.job WHERE id = $1', [job.jobId]);

  it('are queued again when the queue has lost them', async () => {
    const job = await runningJob();
    await service.asTenant(job.tenantId, 'DELETE FROM pgboss.job WHERE id = $1', [job.jobId]);
    await provided(LostJobs).look();
    expect(await inQueue(job)).toEqual([{ state: 'created' }]);
    expect((await read(job)).status).toBe('running');
  });

  it('are offered again when their worker is gone and no other is left', async () => {
    const job = await runningJob();
    const died = `UPDATE pgboss.job SET state = 'active', heartbeat_on = now() - interval '11 seconds' WHERE id = $1`;
    await service.asTenant(job.tenantId, died, [job.jobId]);
    await eventually(
      () => inQueue(job),
      ([{ state }]) => state === 'retry',
    );
    expect(await read(job)).toMatchObject({ status: 'running', queue_position: expect.any(Number) });
  });

  it('fail when the queue has given them up', async () => {
    const job = await runningJob();
    await service.asTenant(job.tenantId, `UPDATE pgboss.job SET state = 'failed' WHERE id = $1`, [job.jobId]);
    await provided(LostJobs).look();
    expect(await read(job)).toMatchObject({ status: 'failed', error_message: expect.stringMatching(/given up/) });
  });

  it('are left alone while they wait or are worked on', async () => {
    const job = await runningJob();
    await provided(LostJobs).look();
    await service.asTenant(job.tenantId, `UPDATE pgboss.job SET state = 'active' WHERE id = $1`, [job.jobId]);
    await provided(LostJobs).look();
    expect((await read(job)).status).toBe('running');
    expect(await inQueue(job)).toEqual([{ state: 'active' }]);
  });
});

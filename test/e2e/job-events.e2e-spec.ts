import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
import { JobClaims } from '../../src/role-mining/execution/job-claims.js';
import { JobFollowers } from '../../src/role-mining/job-events/job-followers.js';
import { type OpenStream, openStream, restOf } from '../support/open-stream.js';
import { assignmentsCsv, importGraph, names } from '../support/seed-graph.js';
import { eventually, startTestService, TEST_SECRET, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

// Two processes that answer, and later one that works.
let here: TestService;
let there: TestService;
beforeAll(async () => {
  here = await startTestService({ PROCESS_ROLE: 'api', EVENTS_HEARTBEAT_SECONDS: '1' });
  there = await startTestService({ PROCESS_ROLE: 'api' }, here.database);
});
afterAll(async () => {
  await there[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
});

interface Job {
  readonly tenantId: string;
  readonly jobId: string;
  readonly token: string;
}

async function createJob(tenantId: string = randomUUID()): Promise<Job> {
  const token = here.token({ tenant: tenantId });
  const { body } = await here.call('POST', JOBS, { token, json: { name: 'Mine' } });
  return { tenantId, token, jobId: body.id as string };
}

async function run({ jobId, token }: Job): Promise<void> {
  expect((await here.call('POST', `${JOBS}/${jobId}/run`, { token })).status).toBe(200);
}

const cancel = async ({ jobId, token }: Job): Promise<unknown> => here.call('DELETE', `${JOBS}/${jobId}`, { token });

/**
 * Without events that tell of another `waiting_reason` alone, which no revision counts: no worker is alive here, and each
 * process finds that out in its own time.
 */
async function openRevisions(
  service: TestService,
  path: string,
  headers: Record<string, string> = {},
): Promise<OpenStream> {
  const stream = await openStream(service, path, headers);
  let last = Number(headers['Last-Event-ID'] ?? 0);
  const next: OpenStream['next'] = async () => {
    for (;;) {
      const event = await stream.next();
      if (event !== null && event.id === last) continue;
      last = event?.id ?? last;
      return event;
    }
  };
  return { ...stream, next, rest: () => restOf(next) };
}

const follow = (
  service: TestService,
  { jobId, token }: Job,
  headers: Record<string, string> = {},
): Promise<OpenStream> =>
  openRevisions(service, `${JOBS}/${jobId}/events`, { Authorization: `Bearer ${token}`, ...headers });

const claims = (): JobClaims => here.app.get(JobClaims, { strict: false });
/** As a worker does, from the queue and with a claim of its own; but both at once, so that there is no state between. */
const take = (job: Job): ReturnType<JobClaims['claim']> =>
  here.app.get(TenantTransaction).run(job.tenantId, async (manager) => {
    await manager.query(`UPDATE pgboss.job SET state = 'active', heartbeat_on = now() WHERE id = $1`, [job.jobId]);
    return claims().claim(job);
  });
const followersOf = (service: TestService): JobFollowers => service.app.get(JobFollowers, { strict: false });

const ticketOf = async ({ jobId, token }: Job, service = here): Promise<string> =>
  (await service.call('POST', `${JOBS}/${jobId}/events/ticket`, { token })).body.ticket as string;

const withTicket = (service: TestService, jobId: string, ticket: string, headers = {}): Promise<OpenStream> =>
  openRevisions(service, `${JOBS}/${jobId}/events?ticket=${ticket}`, headers);

describe('the events of a job', () => {
  it('begin with the job as it is and tell every state that it comes to, whichever process changes it', async () => {
    const job = await createJob();
    const stream = await follow(there, job);
    expect(stream.status).toBe(200);
    expect(stream.headers.get('Content-Type')).toBe('text/event-stream');
    expect(stream.headers.get('Cache-Control')).toMatch(/no-cache/);
    expect(stream.headers.get('X-Accel-Buffering')).toBe('no');
    expect(stream.headers.get('X-Request-Id')).toBeTruthy();
    expect(await stream.next()).toMatchObject({
      id: 1,
      type: 'progress',
      data: { job_id: job.jobId, status: 'pending', phase: null, progress_percent: 0, best_role_count: null },
    });
    await run(job);
    expect(await stream.next()).toMatchObject({ id: 2, data: { status: 'running', phase: 'queued' } });
    const claimed = await take(job);
    expect(await stream.next()).toMatchObject({ id: 3, data: { status: 'running', phase: 'load' } });
    await claims().recordProgress(claimed!.claim, 40, 'roles', { roleCount: 12, complexity: 345 });
    expect(await stream.next()).toMatchObject({
      id: 4,
      data: { phase: 'roles', progress_percent: 40, best_role_count: 12, best_complexity: 345 },
    });
    await claims().fail(claimed!.claim, 'No memory was left');
    expect(await stream.rest()).toMatchObject([
      { id: 5, type: 'ended', data: { status: 'failed', phase: null, error_message: 'No memory was left' } },
    ]);
  });

  it('never go backwards, and say nothing when nothing has changed', async () => {
    const job = await createJob();
    await run(job);
    const first = (await take(job))!.claim;
    await claims().recordProgress(first, 60, 'roles', { roleCount: 9, complexity: 300 });
    const stream = await follow(here, job);
    expect(await stream.next()).toMatchObject({ id: 4, data: { progress_percent: 60 } });
    const second = (await take(job))!.claim;
    expect(await stream.next()).toMatchObject({ id: 5, data: { progress_percent: 60, phase: 'roles' } });
    await claims().recordProgress(second, 3, 'load');
    await claims().recordProgress(second, 20, 'roles', { roleCount: 30, complexity: 500 });
    await claims().recordProgress(second, 76, 'privileges', { roleCount: 8, complexity: 290 });
    expect(await stream.next()).toMatchObject({
      id: 6,
      data: { progress_percent: 76, phase: 'privileges', best_role_count: 8, best_complexity: 290 },
    });
    await cancel(job);
    expect(await stream.rest()).toMatchObject([
      { id: 7, type: 'ended', data: { status: 'cancelled', progress_percent: 76, best_complexity: 290 } },
    ]);
  });

  it('resume with what is newer than the last event that the caller knows', async () => {
    const job = await createJob();
    await run(job);
    const old = await follow(there, job, { 'Last-Event-ID': '1' });
    expect(await old.next()).toMatchObject({ id: 2 });
    const current = await follow(there, job, { 'Last-Event-ID': '2' });
    await take(job);
    expect(await current.next()).toMatchObject({ id: 3 });
    await cancel(job);
    expect((await old.rest()).map(({ id }) => id)).toEqual([3, 4]);
    expect((await current.rest()).map(({ id }) => id)).toEqual([4]);

    const late = await follow(there, job, { 'Last-Event-ID': '3' });
    expect(await late.rest()).toMatchObject([{ id: 4, type: 'ended' }]);
    const known = await follow(there, job, { 'Last-Event-ID': '4' });
    expect([known.status, await known.rest()]).toEqual([204, []]);
    expect((await follow(there, job, { 'Last-Event-ID': 'abc' })).status).toBe(400);
  });

  it('are the tenant’s own, also when another tenant has a job of the same id', async () => {
    const job = await createJob();
    const other: Job = { ...job, tenantId: randomUUID(), token: '' };
    const token = here.token({ tenant: other.tenantId });
    expect((await follow(here, { ...other, token })).status).toBe(404);
    await here.asTenant(
      other.tenantId,
      `INSERT INTO role_mining_job (tenant_id, id, name, parameters, created_by) VALUES ($1, $2, 'Same', '{}', $1)`,
      [other.tenantId, job.jobId],
    );
    const [mine, theirs] = [await follow(here, job), await follow(here, { ...other, token })];
    expect([await mine.next(), await theirs.next()]).toMatchObject([{ id: 1 }, { id: 1 }]);
    await run(job);
    expect(await mine.next()).toMatchObject({ id: 2, data: { status: 'running' } });
    await run({ ...other, token });
    expect(await theirs.next()).toMatchObject({ id: 2, data: { status: 'running' } });
    await cancel(job);
    await cancel({ ...other, token });
    expect([await mine.rest(), await theirs.rest()]).toMatchObject([[{ id: 3 }], [{ id: 3 }]]);
  });

  it('are refused as everything else is', async () => {
    const job = await createJob();
    const path = `${JOBS}/${job.jobId}/events`;
    expect((await here.call('GET', path)).status).toBe(401);
    expect((await here.call('GET', path, { token: here.token({ roles: ['auditor'] }) })).status).toBe(403);
    const headers = { 'X-Tenant-ID': randomUUID() };
    expect((await here.call('GET', path, { token: job.token, headers })).status).toBe(403);
    expect((await here.call('GET', `${JOBS}/5/events`, { token: job.token })).status).toBe(400);
    const unknown = await here.call('GET', `${JOBS}/${randomUUID()}/events`, { token: job.token });
    expect([unknown.status, unknown.headers.get('Content-Type')]).toEqual([
      404,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
  });

  it('end when the token does', async () => {
    const job = await createJob();
    const expiresIn = 1;
    const token = jwt.sign({ sub: randomUUID(), tid: job.tenantId, roles: ['admin'] }, TEST_SECRET, { expiresIn });
    const stream = await follow(here, { ...job, token });
    expect(await stream.rest()).toMatchObject([{ id: 1, type: 'progress' }]);
  });

  it('end when the job is gone', async () => {
    const job = await createJob();
    const stream = await follow(here, job);
    await stream.next();
    await here.asTenant(job.tenantId, 'DELETE FROM role_mining_job WHERE id = $1', [job.jobId]);
    expect(await stream.rest()).toEqual([]);
  });

  it('are not begun for a HEAD', async () => {
    const { jobId, token } = await createJob();
    const answer = await here.call('HEAD', `${JOBS}/${jobId}/events`, { token });
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/event-stream']);
    expect((await here.call('HEAD', `${JOBS}/${randomUUID()}/events`, { token })).status).toBe(404);
  });

  it('are kept alive by comments', async () => {
    const { jobId, token } = await createJob();
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${here.url}${JOBS}/${jobId}/events`, { headers });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(': alive\n')) text += (await reader.read()).value ?? '';
    expect(text).toMatch(/^retry: 2000\n\nevent: progress\nid: 1\ndata: /);
    await reader.cancel();
  });

  it('cost nothing once their client has gone', async () => {
    const before = followersOf(there).size;
    const job = await createJob();
    const streams = await Promise.all(Array.from({ length: 5 }, () => follow(there, job)));
    await Promise.all(streams.map((stream) => stream.next()));
    expect(followersOf(there).size).toBe(before + 5);
    streams.forEach((stream) => stream.close());
    await eventually(
      () => Promise.resolve(followersOf(there).size),
      (size) => size === before,
    );
  });

  it('end when their process is asked to stop, which waits for nothing else', async () => {
    const third = await startTestService({ PROCESS_ROLE: 'api', EVENTS_MAX_STREAMS: '1' }, here.database);
    const job = await createJob();
    const stream = await follow(third, job);
    await stream.next();
    expect((await follow(third, job)).status).toBe(429);
    // As browsers do, to be quick later.
    const unused = connect(Number(new URL(third.url).port), '127.0.0.1');
    await once(unused, 'connect');
    await third[Symbol.asyncDispose]();
    expect(await stream.rest()).toEqual([]);
  });
});

describe('a ticket', () => {
  it('opens the events once, in whichever process', async () => {
    const job = await createJob();
    const issued = await here.call('POST', `${JOBS}/${job.jobId}/events/ticket`, { token: job.token });
    expect(issued).toMatchObject({ status: 201, body: { ticket: expect.stringMatching(/^[\w-]{64}$/) } });
    expect(Date.parse(issued.body.expires_at as string) - Date.now()).toBeLessThanOrEqual(30_000);
    const ticket = issued.body.ticket as string;
    const stream = await withTicket(there, job.jobId, ticket);
    expect(await stream.next()).toMatchObject({ id: 1, data: { job_id: job.jobId } });
    expect((await withTicket(here, job.jobId, ticket)).status).toBe(401);
    stream.close();
  });

  it('is used by one of many at the same time', async () => {
    const job = await createJob();
    const ticket = await ticketOf(job);
    const streams = await Promise.all(
      [here, there, here, there].map((service) => withTicket(service, job.jobId, ticket)),
    );
    expect(streams.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    streams.forEach((stream) => stream.close());
  });

  it('is for its job and its tenant, and is used up by an attempt on another', async () => {
    const job = await createJob();
    const other = await createJob(job.tenantId);
    const ticket = await ticketOf(job);
    expect((await withTicket(here, other.jobId, ticket)).status).toBe(401);
    expect((await withTicket(here, job.jobId, ticket)).status).toBe(401);
    const headers = { 'X-Tenant-ID': randomUUID() };
    expect((await withTicket(here, job.jobId, await ticketOf(job), headers)).status).toBe(403);
  });

  it.each<string>(['', 'x', 'A'.repeat(64)])('that was made up is refused: "%s"', async (ticket: string) => {
    const { jobId } = await createJob();
    expect((await withTicket(here, jobId, ticket)).status).toBe(401);
  });

  it('is worth nothing half a minute later', async () => {
    const job = await createJob();
    const ticket = await ticketOf(job);
    await here.asTenant(job.tenantId, `UPDATE role_mining_event_ticket SET expires_at = now()`);
    expect((await withTicket(here, job.jobId, ticket)).status).toBe(401);
  });

  it('carries the life of the token that it was got with', async () => {
    const job = await createJob();
    const expiresIn = 1;
    const token = jwt.sign({ sub: randomUUID(), tid: job.tenantId, roles: ['admin'] }, TEST_SECRET, { expiresIn });
    const stream = await withTicket(here, job.jobId, await ticketOf({ ...job, token }));
    expect(await stream.rest()).toMatchObject([{ id: 1 }]);
  });

  it('is not kept: not in its table, and not for an Idempotency-Key', async () => {
    const job = await createJob();
    const headers = { 'Idempotency-Key': 'the-same' };
    const path = `${JOBS}/${job.jobId}/events/ticket`;
    const first = await here.call('POST', path, { token: job.token, headers });
    const second = await here.call('POST', path, { token: job.token, headers });
    expect(second.body.ticket).not.toBe(first.body.ticket);
    const rows = await here.asTenant(
      job.tenantId,
      `SELECT (SELECT json_agg(t) FROM role_mining_event_ticket t)::text || (SELECT json_agg(a) FROM idempotent_answer a)::text
         || (SELECT json_agg(e) FROM audit_event e)::text AS everything`,
    );
    expect(JSON.stringify(rows)).not.toContain(first.body.ticket);
  });

  it('is issued for a job of the tenant only', async () => {
    const job = await createJob();
    const { status } = await here.call('POST', `${JOBS}/${job.jobId}/events/ticket`, { token: here.token() });
    expect(status).toBe(404);
  });
});

describe('with a worker', () => {
  it('a job whose worker died is followed through its next run to its end', async () => {
    const job = await createJob();
    await importGraph(here, job.token, {
      assignments: assignmentsCsv([
        { users: names('finance', 12), entitlements: ['book', 'pay', 'close'] },
        { users: names('sales', 12), entitlements: ['quote', 'sell', 'call'] },
      ]),
    });
    const [early, late] = [await follow(here, job), await follow(there, job)];
    await run(job);
    // A worker that comes to here and no further.
    const dead = (await claims().claim(job))!.claim;
    await claims().recordProgress(dead, 30, 'roles', { roleCount: 3, complexity: 50 });

    await using worker = await startTestService({ PROCESS_ROLE: 'worker' }, here.database);
    const [seen, alike] = await Promise.all([early.rest(), late.rest()]);

    expect(await worker.app.get(JobClaims, { strict: false }).recordProgress(dead, 99, 'save')).toBe(false);
    expect(seen.at(-1)).toEqual(alike.at(-1));
    const { body } = await there.call('GET', `${JOBS}/${job.jobId}`, { token: job.token });
    const summary = body.summary as { role_count: number; wsc_after: number };
    expect(seen.at(-1)).toMatchObject({
      type: 'ended',
      data: {
        status: 'completed',
        progress_percent: 100,
        candidate_count: body.candidate_count,
        best_role_count: summary.role_count,
        best_complexity: summary.wsc_after,
      },
    });
    for (const events of [seen, alike]) {
      const ids = events.map(({ id }) => id);
      // Two of the same revision differ in why the job waits: a worker has come.
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      const percents = events.map(({ data }) => data.progress_percent as number);
      expect(percents).toEqual(percents.toSorted((a, b) => a - b));
      expect(percents).toContain(30);
    }
  });
});

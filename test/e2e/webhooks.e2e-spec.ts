import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainEvents } from '../../src/domain-events/domain-events.js';
import { JobClaims } from '../../src/role-mining/execution/job-claims.js';
import { assignmentsCsv, importGraph } from '../support/seed-graph.js';
import { seedResults, type SeededResults } from '../support/seed-results.js';
import { type Answer as HttpAnswer, eventually, startTestService, type TestService } from '../support/test-service.js';
import { answerWith, verified, WebhookReceiver } from '../support/webhook-receiver.js';

const API = '/governance/role-mining';
const WEBHOOKS = `${API}/webhooks`;
const ALL = ['job.completed', 'job.failed', 'job.cancelled', 'candidate.promoted', 'candidate.dismissed'];

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true',
    WEBHOOK_ATTEMPTS: '2',
    WEBHOOK_RETRY_SECONDS: '1',
    WEBHOOK_TIMEOUT_MS: '300',
  });
});
afterAll(async () => service[Symbol.asyncDispose]());

let receiver: WebhookReceiver;
let tenant: string;
let user: string;
let token: string;
let results: SeededResults;
beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  [tenant, user] = [randomUUID(), randomUUID()];
  token = service.token({ tenant, user });
  results = await seedResults(service, tenant);
});
afterEach(async () => receiver[Symbol.asyncDispose]());

const call = (method: string, path: string, json?: unknown): Promise<HttpAnswer> =>
  service.call(method, path, { token, json });

async function createWebhook(eventTypes = ALL, url = receiver.url): Promise<{ id: string; secret: string }> {
  const { status, body } = await call('POST', WEBHOOKS, { url, event_types: eventTypes });
  expect(status).toBe(201);
  return body as { id: string; secret: string };
}

/** Makes something happen that webhooks are told of. */
async function dismissCandidate(): Promise<string> {
  const id = await results.candidate(`Role ${randomUUID()}`, ['read'], ['ada']);
  expect((await call('POST', `${API}/candidates/${id}/dismiss`)).status).toBe(200);
  return id;
}

interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly last_status: number | null;
}
async function deliveries(webhookId: string, query = ''): Promise<Delivery[]> {
  const { status, body } = await call('GET', `${WEBHOOKS}/${webhookId}/deliveries${query}`);
  expect(status).toBe(200);
  return body.items as Delivery[];
}

const untilEnded = async (webhookId: string): Promise<Delivery> => {
  const [delivery] = await eventually(
    () => deliveries(webhookId),
    (all) => all.length > 0 && all.every(({ status }) => status !== 'pending'),
  );
  return delivery;
};

describe('a webhook', () => {
  it('is told of what it wants to hear, with messages that its receiver can verify', async () => {
    const { id, secret } = await createWebhook(['candidate.dismissed']);
    const candidateId = await dismissCandidate();
    const [message] = await receiver.received(1);
    expect(message.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^role-mining-service\/\d/),
    });
    expect(verified(secret, message)).toEqual({
      type: 'candidate.dismissed',
      timestamp: expect.stringMatching(/Z$/),
      data: { tenant_id: tenant, candidate_id: candidateId, job_id: results.jobId, dismissed_by: user },
    });
    expect(() => verified(secret, { ...message, body: message.body.replace(tenant, randomUUID()) })).toThrow();
    expect(await untilEnded(id)).toMatchObject({
      id: message.id,
      webhook_id: id,
      event_type: 'candidate.dismissed',
      payload: message.body,
      status: 'delivered',
      attempts: 1,
      next_attempt_at: null,
      last_status: 200,
      last_error: null,
    });
  });

  it('is told of all that can be told of', async () => {
    const { secret } = await createWebhook();
    await importGraph(service, token, {
      assignments: assignmentsCsv([{ users: ['ada', 'bob', 'eve'], entitlements: ['read', 'write'] }]),
    });
    const runningJob = async (): Promise<string> => {
      const [{ id }] = await service.asTenant<{ id: string }>(
        tenant,
        `INSERT INTO role_mining_job (tenant_id, name, status, parameters, started_at, created_by)
         VALUES ($1, 'Runs', 'running', '{}', now(), $1) RETURNING id`,
        [tenant],
      );
      return id;
    };
    await call('DELETE', `${API}/jobs/${await runningJob()}`);
    const claims = service.app.get(JobClaims, { strict: false });
    const claimed = await claims.claim({ tenantId: tenant, jobId: await runningJob() });
    await claims.fail(claimed!.claim, 'No memory was left');
    await dismissCandidate();
    const candidate = await results.candidate('Readers', ['read'], ['ada']);
    expect((await call('POST', `${API}/candidates/${candidate}/promote`)).status).toBe(200);
    const { body: job } = await call('POST', `${API}/jobs`, { name: 'Mine' });
    await call('POST', `${API}/jobs/${job.id as string}/run`);

    const told = (await receiver.received(5)).map((message) => verified(secret, message) as { type: string });
    expect(told.map(({ type }) => type).sort()).toEqual(ALL.toSorted());
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'job.completed', data: { tenant_id: tenant, job_id: job.id } }),
    );
  });

  it('is told of nothing else: not of other types, other tenants, and what was refused or undone', async () => {
    const { id } = await createWebhook(['candidate.promoted']);
    await dismissCandidate();
    const other = service.token();
    await service.call('POST', WEBHOOKS, { token: other, json: { url: receiver.url, event_types: ALL } });
    const candidateId = await dismissCandidate();
    expect((await call('POST', `${API}/candidates/${candidateId}/promote`)).status).toBe(409);
    const events = service.app.get(DomainEvents, { strict: false });
    const heard: string[] = [];
    const end = events.on('candidate.promoted', () => void heard.push('promoted'));
    const failing = service.app.get(JobClaims, { strict: false });
    expect(await failing.fail({ tenantId: tenant, jobId: randomUUID(), claimId: randomUUID() }, 'late')).toBe(false);
    end();
    expect([await deliveries(id), heard, receiver.messages]).toEqual([[], [], []]);
  });

  it('is told again after a failure, with the same id, until it works', async () => {
    const { id, secret } = await createWebhook();
    receiver.answers.push(answerWith(500));
    await dismissCandidate();
    const [first, second] = await receiver.received(2);
    expect([second.id, second.body]).toEqual([first.id, first.body]);
    verified(secret, second);
    expect(await untilEnded(id)).toMatchObject({ status: 'delivered', attempts: 2, last_status: 200 });
  });

  it.each<[string, () => void, RegExp, number | null]>([
    ['answers 500', () => receiver.answers.push(answerWith(500), answerWith(503)), /^The answer was 503$/, 503],
    [
      'redirects',
      () => {
        const elsewhere = answerWith(307, { Location: receiver.url });
        receiver.answers.push(elsewhere, elsewhere);
      },
      /^The answer was 307, and redirects are not followed$/,
      307,
    ],
    [
      'does not answer',
      () =>
        receiver.answers.push(
          () => undefined,
          () => undefined,
        ),
      /^There was no answer within 0.3 s$/,
      null,
    ],
    [
      'breaks off',
      () => {
        const breakOff = (response: { destroy(): unknown }): void => void response.destroy();
        receiver.answers.push(breakOff, breakOff);
      },
      /^The connection failed \(ECONNRESET\)$/,
      null,
    ],
  ])('whose receiver %s ends among the dead letters, and can be told once more', async (_, misbehave, why, status) => {
    const { id } = await createWebhook();
    misbehave();
    await dismissCandidate();
    const dead = await untilEnded(id);
    expect(dead).toMatchObject({ status: 'dead', attempts: 2, last_status: status, next_attempt_at: null });
    expect(dead.last_error).toMatch(why);
    expect(receiver.messages).toHaveLength(2);
    expect(await deliveries(id, '?status=delivered')).toEqual([]);
    expect(await deliveries(id, '?status=dead')).toEqual([dead]);

    const path = `${WEBHOOKS}/${id}/deliveries/${dead.id}/redeliver`;
    expect(await call('POST', path)).toMatchObject({ status: 200, body: { status: 'pending', attempts: 0 } });
    const messages = await receiver.received(3);
    expect(messages[2].id).toBe(dead.id);
    expect(await untilEnded(id)).toMatchObject({ status: 'delivered', attempts: 1, last_error: null });
    const { body: trail } = await call('GET', `${API}/audit-events?action=webhook_delivery.redeliver`);
    expect(trail.items).toMatchObject([{ object_id: dead.id, actor_id: user }]);
  });

  it('cannot be told once more of what is being delivered, or of what it was not told', async () => {
    const { id } = await createWebhook();
    const { id: other } = await createWebhook(['job.failed']);
    receiver.answers.push(answerWith(500));
    await dismissCandidate();
    await receiver.received(1);
    const [{ id: pending }] = await deliveries(id);
    expect((await call('POST', `${WEBHOOKS}/${id}/deliveries/${pending}/redeliver`)).status).toBe(409);
    expect((await call('POST', `${WEBHOOKS}/${other}/deliveries/${pending}/redeliver`)).status).toBe(404);
    await untilEnded(id);
  });

  it('gets a new secret, and is told with both for a day', async () => {
    const { id, secret: old } = await createWebhook();
    const { status, body } = await call('POST', `${WEBHOOKS}/${id}/rotate-secret`);
    expect([status, body.secret_rotated_at]).toEqual([200, expect.any(String)]);
    const secret = body.secret as string;
    expect(secret).not.toBe(old);
    await dismissCandidate();
    const [first] = await receiver.received(1);
    verified(secret, first);
    verified(old, first);
    await service.asTenant(tenant, `UPDATE webhook SET secret_rotated_at = now() - interval '25 hours'`);
    await dismissCandidate();
    const second = (await receiver.received(2))[1];
    verified(secret, second);
    expect(() => verified(old, second)).toThrow();
  });

  it('is listed, read and deleted, and shows its secret once', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const json = { url: receiver.url, event_types: ['job.completed', 'job.completed'] };
    const created = await service.call('POST', WEBHOOKS, { token, json, headers });
    const { secret, ...webhook } = created.body;
    expect(created).toMatchObject({
      status: 201,
      body: {
        url: receiver.url,
        event_types: ['job.completed'],
        secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
        secret_rotated_at: null,
        created_by: user,
      },
    });
    const again = await service.call('POST', WEBHOOKS, { token, json, headers });
    expect(again).toMatchObject({ status: 201, body: { ...webhook, secret: null } });
    const path = `${WEBHOOKS}/${webhook.id as string}`;
    expect((await call('GET', path)).body).toEqual(webhook);
    expect((await call('GET', WEBHOOKS)).body).toEqual({ items: [webhook], total: 1, page: 1, page_size: 50 });
    expect((await service.call('GET', path, { token: service.token() })).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
    const { body: trail } = await call('GET', `${API}/audit-events?object_id=${webhook.id as string}`);
    expect((trail.items as { action: string }[]).map(({ action }) => action)).toEqual([
      'webhook.delete',
      'webhook.create',
    ]);
    expect(JSON.stringify(trail)).not.toContain(secret);
    const kept = await service.asTenant(tenant, 'SELECT body FROM idempotent_answer');
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  it('is told of nothing more once it is deleted', async () => {
    const { id } = await createWebhook();
    receiver.answers.push(answerWith(500));
    await dismissCandidate();
    await receiver.received(1);
    await eventually(
      () => deliveries(id),
      ([{ attempts }]) => attempts === 1,
    );
    await call('DELETE', `${WEBHOOKS}/${id}`);
    await createWebhook();
    await dismissCandidate();
    const [first, second] = await receiver.received(2);
    expect(second.id).not.toBe(first.id);
  });

  it.each<[string, unknown]>([
    ['url', { event_types: ALL }],
    ['url', { url: 5, event_types: ALL }],
    ['url', { url: 'no url', event_types: ALL }],
    ['url', { url: 'ftp://example.com', event_types: ALL }],
    ['url', { url: 'https://user:secret@example.com', event_types: ALL }],
    ['url', { url: 'https://example.com/#part', event_types: ALL }],
    ['event_types', { url: 'https://example.com' }],
    ['event_types', { url: 'https://example.com', event_types: [] }],
    ['event_types', { url: 'https://example.com', event_types: ['job.started'] }],
  ])('is refused for a wrong %s: %j', async (field, json) => {
    expect(await call('POST', WEBHOOKS, json)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('is one of twenty at most', async () => {
    for (let n = 0; n < 20; n++) await createWebhook(['job.failed'], 'https://example.com');
    const { status } = await call('POST', WEBHOOKS, { url: 'https://example.com', event_types: ALL });
    expect(status).toBe(409);
  });
});

describe('unless private addresses are allowed', () => {
  let guarded: TestService;
  beforeAll(async () => {
    guarded = await startTestService({ WEBHOOK_ATTEMPTS: '1' });
  });
  afterAll(async () => guarded[Symbol.asyncDispose]());

  it.each([
    'http://example.com',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://10.0.0.1:8080/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[fd00::1]',
  ])('a webhook at %s is refused', async (url) => {
    const answer = await guarded.call('POST', WEBHOOKS, { token, json: { url, event_types: ALL } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'url' }] } });
  });

  it('a name that turns out to be private is not called', async () => {
    const seeded = await seedResults(guarded, tenant);
    const url = `https://localhost:${receiver.port}/hook`;
    const created = await guarded.call('POST', WEBHOOKS, { token, json: { url, event_types: ALL } });
    expect(created.status).toBe(201);
    const id = await seeded.candidate('Readers', ['read'], ['ada']);
    await guarded.call('POST', `${API}/candidates/${id}/dismiss`, { token });
    const { body } = await eventually(
      () => guarded.call('GET', `${WEBHOOKS}/${created.body.id as string}/deliveries?status=dead`, { token }),
      ({ body: page }) => page.total === 1,
    );
    expect(body.items).toMatchObject([{ last_error: expect.stringMatching(/no public address/), attempts: 1 }]);
    expect(receiver.messages).toEqual([]);
  });
});

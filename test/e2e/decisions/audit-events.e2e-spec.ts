import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Route, routesOf } from '../../support/routes.js';
import { assignmentsCsv, importGraph, names } from '../../support/seed-graph.js';
import { seedResults, seedRule } from '../../support/seed-results.js';
import { eventually, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';
const EVENTS = `${API}/audit-events`;

interface Event {
  readonly id: string;
  readonly sequence: number;
  readonly action: string;
  readonly object_id: string | null;
  readonly [field: string]: unknown;
}

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let user: string;
let token: string;
beforeEach(() => {
  tenant = randomUUID();
  user = randomUUID();
  token = service.token({ tenant, user });
});

async function events(query = ''): Promise<Event[]> {
  const { status, body } = await service.call('GET', `${EVENTS}?limit=100${query}`, { token });
  expect(status).toBe(200);
  return body.items as Event[];
}
const actions = async (query = ''): Promise<string[]> => (await events(query)).map(({ action }) => action);
const post = (path: string, json: object = {}, headers?: Record<string, string>) =>
  service.call('POST', API + path, { token, json, headers });

async function importAccess(): Promise<void> {
  await importGraph(service, token, {
    assignments: assignmentsCsv([{ users: names('u', 3), entitlements: ['book', 'pay'] }]),
  });
}

describe('the audit trail', () => {
  it('holds who did what when, in which request, and what has become of it', async () => {
    const { body: job } = await post('/jobs', { name: 'Mine' }, { 'X-Request-Id': 'request-7' });
    const [event] = await events();
    expect(event).toEqual({
      id: expect.any(String),
      sequence: 1,
      created_at: expect.stringMatching(/Z$/),
      actor_kind: 'user',
      actor_id: user,
      action: 'job.create',
      outcome: 'done',
      object_type: 'job',
      object_id: job.id,
      before: null,
      after: { status: 'pending', name: 'Mine', parameters: job.parameters },
      reason: null,
      refusal: null,
      request_id: 'request-7',
      previous_hash: '',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('follows a job to its end, the worker included, and outlives it', async () => {
    await importAccess();
    const { body: job } = await post('/jobs', { name: 'Mine' });
    const path = `/jobs/${job.id as string}`;
    await post(`${path}/run`);
    await eventually(
      async () => (await service.call('GET', API + path, { token })).body.status,
      (status) => status === 'completed',
    );
    expect((await service.call('DELETE', API + path, { token })).status).toBe(204);
    const found = await events(`&object_id=${job.id as string}`);
    expect(found.map(({ action, actor_kind }) => `${action} by ${actor_kind as string}`)).toEqual([
      'job.delete by user',
      'job.complete by worker',
      'job.run by user',
      'job.create by user',
    ]);
    expect(found[1]).toMatchObject({
      actor_id: null,
      request_id: null,
      after: { status: 'completed', candidate_count: 1 },
    });
  });

  it('has the decisions with their reasons', async () => {
    await importAccess();
    const results = await seedResults(service, tenant);
    const [first, second] = await Promise.all(
      ['One', 'Two'].map((name) => results.candidate(name, ['book', 'pay'], ['u1'])),
    );
    const flag = await results.flag('u1', ['pay']);
    await seedRule(service, token, tenant, 'Rule', [['book'], ['pay']]);
    await post(`/candidates/${first}/promote`, { assign_members: true, override_reason: 'Small office' });
    await post(`/candidates/${second}/dismiss`, { reason: 'Twice' });
    await post(`/excessive-privileges/${flag}/review`, { action: 'accept', notes: 'Deputy' });
    const found = await events();
    expect(found.slice(0, 4)).toMatchObject([
      { action: 'excessive_privilege.review', object_id: flag, reason: 'Deputy', after: { status: 'accepted' } },
      { action: 'candidate.dismiss', object_id: second, reason: 'Twice', before: { promotion_status: 'pending' } },
      {
        action: 'candidate.promote',
        object_id: first,
        reason: 'Small office',
        after: { role_name: 'One', assigned_member_count: 1, violated_rule_ids: [expect.any(String)] },
      },
      { action: 'sod_rule.create', after: { name: 'Rule' } },
    ]);
  });

  it('has imports with their start and end, and what they broke', async () => {
    await importAccess();
    await seedRule(service, token, tenant, 'Rule', [['book'], ['pay']]);
    await importAccess();
    await expect(importGraph(service, token, { assignments: 'user,entitlement\n,x\n' })).rejects.toThrow('400');
    expect(await actions('&object_type=import')).toEqual([
      'import.fail',
      'import.start',
      'import.complete',
      'import.start',
      'import.complete',
      'import.start',
    ]);
    const [, second] = await events('&action=import.complete');
    const [last] = await events('&action=import.complete');
    const broken = (event: Event): unknown =>
      (event.after as { counts: { sod_violations: unknown } }).counts.sod_violations;
    expect(broken(second)).toEqual([]);
    expect(broken(last)).toEqual([{ rule_id: expect.any(String), rule_name: 'Rule', user_count: 3 }]);
  });

  it('has attempts that were refused, by their state or to their caller', async () => {
    const { body: job } = await post('/jobs', { name: 'Mine' });
    const id = job.id as string;
    expect((await service.call('DELETE', `${API}/jobs/${id}`, { token })).status).toBe(409);
    const auditor = randomUUID();
    const other = service.token({ tenant, user: auditor, roles: ['auditor'] });
    expect((await service.call('POST', `${API}/jobs/${id}/run`, { token: other })).status).toBe(403);
    expect((await service.call('POST', `${API}/jobs/${id}/run`)).status).toBe(401);
    expect((await post(`/jobs/${randomUUID()}/run`)).status).toBe(404);
    const refused = await events('&outcome=refused');
    expect(refused).toMatchObject([
      { action: 'job.run', object_id: id, actor_id: auditor, refusal: { status: 403, detail: expect.any(String) } },
      {
        action: 'job.delete',
        object_id: id,
        actor_id: user,
        refusal: { status: 409, detail: expect.stringMatching(/pending/) },
      },
    ]);
    expect(await actions('&outcome=done')).toEqual(['job.create']);
  });

  it('has an entry for every route that changes something, when it is refused', async () => {
    const changing = routesOf(service.app).filter(
      ({ method, path }: Route) => path.startsWith('/governance/') && ['POST', 'DELETE'].includes(method),
    );
    const auditor = service.token({ tenant, roles: ['auditor'] });
    for (const { method, path } of changing) {
      const called = path.replace(/:[a-z_]+/g, () => randomUUID());
      expect((await service.call(method, called, { token: auditor })).status).toBe(403);
    }
    expect(changing.length).toBeGreaterThan(10);
    expect(await events('&outcome=refused')).toHaveLength(changing.length);
  });

  it('has an event once for a call that is repeated with its Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    await Promise.all([1, 2, 3].map(() => post('/jobs', { name: 'Mine' }, headers)));
    expect(await actions()).toEqual(['job.create']);
  });
});

describe('reading the audit trail', () => {
  let jobs: string[];
  beforeEach(async () => {
    jobs = [];
    for (const name of names('Job ', 5)) jobs.push((await post('/jobs', { name })).body.id as string);
  });

  it('pages by offset, newest first', async () => {
    const { body } = await service.call('GET', `${EVENTS}?limit=2&offset=2`, { token });
    expect(body).toMatchObject({ total: 5, page: 2, page_size: 2, next_before: 2 });
    expect((body.items as Event[]).map(({ object_id }) => object_id)).toEqual([jobs[2], jobs[1]]);
  });

  it('pages by number, unmoved by what happens meanwhile', async () => {
    const seen: (string | null)[] = [];
    for (let before: number | null = 6; before !== null;) {
      const { body } = await service.call('GET', `${EVENTS}?limit=2&before=${before}`, { token });
      expect(body.total).toBe(5 + seen.length / 2);
      seen.push(...(body.items as Event[]).map(({ object_id }) => object_id));
      before = body.next_before as number | null;
      await post('/jobs', { name: 'Meanwhile' });
    }
    expect(seen).toEqual([...jobs].reverse());
  });

  it('filters', async () => {
    await post(`/jobs/${jobs[0]}/run`);
    expect(await actions('&action=job.run')).toEqual(['job.run']);
    expect(await actions(`&object_id=${jobs[1].toUpperCase()}`)).toEqual(['job.create']);
    expect(await actions(`&actor_id=${randomUUID()}`)).toEqual([]);
    expect(await actions(`&actor_id=${user}&object_type=job&action=job.create`)).toHaveLength(5);
    expect(await actions('&object_type=import')).toEqual([]);
    expect(await actions('&until=2020-01-01T00:00:00Z')).toEqual([]);
    expect((await actions('&since=2020-01-01T00:00:00%2B02:00')).length).toBeGreaterThan(4);
  });

  it.each([
    'before=0',
    'before=x',
    'action=job',
    'object_type=x',
    'object_id=x',
    'outcome=ok',
    'since=today',
    'until=',
    'since=2026-01-01',
    'limit=0',
  ])('refuses %s', async (query) => {
    const { status, body } = await service.call('GET', `${EVENTS}?${query}`, { token });
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field: query.split('=')[0] }] });
  });

  it('shows a tenant its own only', async () => {
    const { body } = await service.call('GET', EVENTS, { token: service.token() });
    expect(body).toEqual({ items: [], total: 0, page: 1, page_size: 50, next_before: null });
    const { body: verification } = await service.call('GET', `${EVENTS}/verification`, { token: service.token() });
    expect(verification).toEqual({
      is_whole: true,
      event_count: 0,
      first_sequence: null,
      last_sequence: null,
      head_hash: null,
      faults: [],
    });
  });

  it('can be asked whether it is whole', async () => {
    const { status, body } = await service.call('GET', `${EVENTS}/verification`, { token });
    const [newest] = await events();
    expect([status, body]).toEqual([
      200,
      { is_whole: true, event_count: 5, first_sequence: 1, last_sequence: 5, head_hash: newest.hash, faults: [] },
    ]);
  });
});

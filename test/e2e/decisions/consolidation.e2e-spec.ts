import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { importGraph } from '../../support/seed-graph.js';
import { effectiveAccessOf, type SeededResults, seedResults, seedRule } from '../../support/seed-results.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';
const GRAPH = '/governance/access-graph';
const HASH = '0'.repeat(64);

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let token: string;
let results: SeededResults;
let suggestion: string;
const user = (externalId: string): string => stableUuid(tenant, 'user', externalId);
const entitlement = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);
const role = (externalId: string): string => stableUuid(tenant, 'role', externalId);
const ASSIGNMENTS = 'user,entitlement\nada,read\nada,audit\nbob,mail\ncy,mail\n';
beforeEach(async () => {
  tenant = randomUUID();
  token = service.token({ tenant });
  await importGraph(service, token, {
    assignments: ASSIGNMENTS,
    entitlements: 'entitlement,name\nread,Read\nwrite,Write\naudit,Audit\npay,Pay\nmail,Mail\n',
    roles: [
      'role,name,entitlement,user',
      ...['read', 'write', 'pay'].map((id) => `a,Large,${id},`),
      ...['read', 'write', 'audit'].map((id) => `b,Small,${id},`),
      'a,,,ada',
      'b,,,bob',
      'b,,,cy',
      '',
    ].join('\n'),
  });
  results = await seedResults(service, tenant);
  suggestion = await results.suggestion('a', 'b');
});

const post = (what: string, json?: unknown, id = suggestion, as = token): Promise<Answer> =>
  service.call('POST', `${API}/consolidation-suggestions/${id}/${what}`, { token: as, json });
const preview = (id = suggestion, as = token): Promise<Answer> =>
  service.call('GET', `${API}/consolidation-suggestions/${id}/merge-preview`, { token: as });
const statusOf = async (): Promise<unknown> =>
  (await service.call('GET', `${API}/consolidation-suggestions/${suggestion}`, { token })).body.status;
const readRole = (id: string): Promise<Answer> => service.call('GET', `${GRAPH}/roles/${role(id)}`, { token });

describe('the preview of a merge', () => {
  it('shows who would gain what', async () => {
    const { status, body } = await preview();
    expect(status).toBe(200);
    expect(body).toEqual({
      suggestion_id: suggestion,
      role_a_id: role('a'),
      role_b_id: role('b'),
      entitlement_count: 4,
      member_count: 3,
      affected_user_count: 2,
      // Ada holds audit already.
      access_gained: ['bob', 'cy']
        .map((id) => ({ user_id: user(id), entitlement_ids: [entitlement('pay')] }))
        .sort((a, b) => (a.user_id < b.user_id ? -1 : 1)),
      access_gained_total: 2,
      sod_violations: [],
      impact_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await preview()).body).toEqual(body);
  });

  it('names the rules that would be broken, and only by what is gained', async () => {
    const rule = await seedRule(service, token, tenant, 'Write and pay', [['write'], ['pay']]);
    await seedRule(service, token, tenant, 'Read and audit', [['read'], ['audit']]);
    expect((await preview()).body.sod_violations).toEqual([
      {
        rule_id: rule,
        rule_name: 'Write and pay',
        entitlement_ids: [entitlement('write'), entitlement('pay')].sort(),
        user_count: 2,
        user_ids: [user('bob'), user('cy')].sort(),
      },
    ]);
  });

  it('is refused for ids that are malformed, unknown or of another tenant, and for what is decided', async () => {
    expect((await preview('x')).status).toBe(400);
    expect((await preview(randomUUID())).status).toBe(404);
    expect((await preview(suggestion, service.token())).status).toBe(404);
    await post('dismiss');
    expect((await preview()).status).toBe(409);
  });
});

describe('merging two roles', () => {
  const merge = async (more: object = {}): Promise<Answer> =>
    post('merge', { impact_hash: (await preview()).body.impact_hash, ...more });

  it('gives role A what role B has, removes B, and changes what the preview showed', async () => {
    const before = await effectiveAccessOf(service, tenant);
    const { body: shown } = await preview();
    const { status, body } = await merge();
    expect([status, body.status]).toEqual([200, 'merged']);
    expect((await readRole('a')).body).toMatchObject({
      name: 'Large',
      entitlement_ids: ['audit', 'pay', 'read', 'write'].map(entitlement).sort(),
      member_count: 3,
    });
    expect((await readRole('b')).status).toBe(404);
    const after = await effectiveAccessOf(service, tenant);
    expect(before.every((pair) => after.includes(pair))).toBe(true);
    expect(after.length - before.length).toBe(shown.access_gained_total);
  });

  it('is refused when the impact has changed since, and then changes nothing', async () => {
    const { body: shown } = await preview();
    await importGraph(service, token, { assignments: `${ASSIGNMENTS}bob,pay\n` });
    const refused = await post('merge', { impact_hash: shown.impact_hash });
    expect([refused.status, refused.body.impact_hash]).toEqual([409, (await preview()).body.impact_hash]);
    expect(refused.body.impact_hash).not.toBe(shown.impact_hash);
    expect((await readRole('b')).status).toBe(200);
    expect(await statusOf()).toBe('pending');
    expect((await merge()).status).toBe(200);
  });

  it('is refused when a rule would be broken, unless a reason is given', async () => {
    const rule = await seedRule(service, token, tenant, 'Write and pay', [['write'], ['pay']]);
    const refused = await merge();
    expect([refused.status, refused.body.sod_violations]).toMatchObject([409, [{ rule_id: rule, user_count: 2 }]]);
    expect(await statusOf()).toBe('pending');
    expect((await merge({ override_reason: 'Until March' })).status).toBe(200);
  });

  it('is refused when a role has gone', async () => {
    const { body: shown } = await preview();
    const other = await results.suggestion('b', 'a');
    expect((await post('merge', { impact_hash: (await preview(other)).body.impact_hash }, other)).status).toBe(200);
    const { status, body } = await post('merge', { impact_hash: shown.impact_hash });
    expect([status, body.message]).toEqual([409, `The access graph no longer has the role ${role('a')}`]);
    expect((await preview()).status).toBe(409);
  });

  it('happens once', async () => {
    const { body: shown } = await preview();
    const json = { impact_hash: shown.impact_hash };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('merge', json)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  });

  it.each([
    [undefined, 'impact_hash'],
    [{ impact_hash: null }, 'impact_hash'],
    [{ impact_hash: 'abc' }, 'impact_hash'],
    [{ impact_hash: HASH, override_reason: '' }, 'override_reason'],
  ])('refuses %j', async (json, field) => {
    const { status, body } = await post('merge', json);
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field }] });
  });
});

describe('a suggestion', () => {
  it.each([
    [undefined, null],
    [{ reason: 'Zwei 🏢\u0007' }, 'Zwei 🏢\u0007'],
  ])('is dismissed with %j', async (json, reason) => {
    const { status, body } = await post('dismiss', json);
    expect([status, body.status, body.dismissed_reason]).toEqual([200, 'dismissed', reason]);
    expect(await statusOf()).toBe('dismissed');
  });

  it('is not dismissed with a reason that is none', async () => {
    expect((await post('dismiss', { reason: ['x'] })).status).toBe(400);
    expect(await statusOf()).toBe('pending');
  });

  it.each([
    ['dismiss', 'dismiss'],
    ['dismiss', 'merge'],
    ['merge', 'dismiss'],
    ['merge', 'merge'],
  ])('after %s refuses %s', async (first, second) => {
    const json = { impact_hash: (await preview()).body.impact_hash };
    expect((await post(first, json)).status).toBe(200);
    const { status, body } = await post(second, json);
    expect([status, body.message]).toEqual([409, expect.stringMatching(/only a pending one/)]);
  });

  it('is decided about only where it exists', async () => {
    const json = { impact_hash: HASH };
    for (const what of ['dismiss', 'merge']) {
      expect((await post(what, json, 'x')).status).toBe(400);
      expect((await post(what, json, randomUUID())).status).toBe(404);
      expect((await post(what, json, suggestion, service.token())).status).toBe(404);
    }
    expect(await statusOf()).toBe('pending');
  });
});

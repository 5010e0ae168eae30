import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { assignmentsCsv, importGraph, names } from '../../support/seed-graph.js';
import { effectiveAccessOf, type SeededResults, seedResults, seedRule } from '../../support/seed-results.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';
const GRAPH = '/governance/access-graph';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

const staff = names('u', 4);
let tenant: string;
let user: string;
let token: string;
let results: SeededResults;
let candidate: string;
beforeEach(async () => {
  tenant = randomUUID();
  user = randomUUID();
  token = service.token({ tenant, user });
  await importGraph(service, token, {
    assignments: assignmentsCsv([
      { users: staff, entitlements: ['book', 'pay'] },
      { users: ['u1'], entitlements: ['mail'] },
    ]),
    roles: 'role,name,entitlement,user\nr1,Payers,pay,\nr1,,,u4\n',
  });
  results = await seedResults(service, tenant);
  candidate = await results.candidate('Accounts', ['book', 'pay'], staff);
});

const decide = (what: string, json?: unknown, id = candidate, as = token): Promise<Answer> =>
  service.call('POST', `${API}/candidates/${id}/${what}`, { token: as, json });
const read = async (id = candidate): Promise<Answer['body']> =>
  (await service.call('GET', `${API}/candidates/${id}`, { token })).body;
const rolesOf = async (search: string): Promise<Record<string, unknown>[]> => {
  const { body } = await service.call('GET', `${GRAPH}/roles?search=${encodeURIComponent(search)}`, { token });
  return body.items as Record<string, unknown>[];
};
const entitlement = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);

describe('promoting a candidate', () => {
  it('makes a role of its entitlements under the proposed name, without members', async () => {
    const { status, body } = await decide('promote');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: candidate,
      promotion_status: 'promoted',
      promoted_role_id: expect.any(String),
      dismissed_reason: null,
      promotion: {
        role_id: body.promoted_role_id,
        junior_role_ids: [],
        promoted_junior_candidate_ids: [],
        assigned_member_count: 0,
        left_out_member_count: 0,
        removed_assignment_count: 0,
        changed_access_count: 0,
        overridden_violations: [],
      },
    });
    expect(body).toMatchObject(await read());
    expect(await rolesOf('Accounts')).toEqual([
      {
        id: body.promoted_role_id,
        external_id: null,
        name: 'Accounts',
        description: null,
        entitlement_ids: [entitlement('book'), entitlement('pay')].sort(),
        junior_role_ids: [],
        member_count: 0,
        source: 'candidate',
      },
    ]);
  });

  it('takes a name and a description', async () => {
    const { body } = await decide('promote', { role_name: '  Büro – 会計 🧾 ', description: 'a\u0007b', more: 1 });
    expect(await rolesOf('会計')).toEqual([
      expect.objectContaining({ id: body.promoted_role_id, name: 'Büro – 会計 🧾', description: 'a\u0007b' }),
    ]);
  });

  it.each([
    [{ role_name: '' }, 'role_name'],
    [{ role_name: 'a\u0007' }, 'role_name'],
    [{ role_name: 5 }, 'role_name'],
    [{ role_name: 'x'.repeat(256) }, 'role_name'],
    [{ description: 'a\0' }, 'description'],
    [{ description: 'x'.repeat(2001) }, 'description'],
    [{ assign_members: 'true' }, 'assign_members'],
    [{ remove_direct: 1, assign_members: true }, 'remove_direct'],
    [{ remove_direct: true }, 'remove_direct'],
    [{ override_reason: '  ' }, 'override_reason'],
  ])('refuses %j', async (json, field) => {
    const { status, body } = await decide('promote', json);
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field }] });
    expect((await read()).promotion_status).toBe('pending');
  });

  it('takes null for what is optional', async () => {
    const json = {
      role_name: null,
      description: null,
      assign_members: null,
      remove_direct: null,
      override_reason: null,
    };
    expect((await decide('promote', json)).status).toBe(200);
  });

  it('is refused for a name that is taken, and then makes nothing', async () => {
    const { status, body } = await decide('promote', { role_name: 'Payers' });
    expect([status, body.message]).toEqual([409, 'There is a role named "Payers" already']);
    expect((await read()).promotion_status).toBe('pending');
    expect(await rolesOf('Accounts')).toEqual([]);
  });

  it('is refused when an entitlement has gone', async () => {
    await importGraph(service, token, { entitlements: 'entitlement,name\nbook,b\npay,p\nmail,m\n' });
    const gone = await results.candidate('Gone', ['book', 'vanished'], staff);
    const { status, body } = await decide('promote', {}, gone);
    expect([status, body.message]).toEqual([409, expect.stringContaining(entitlement('vanished'))]);
  });

  it('gives the role to its members and removes what it makes redundant, and nobody holds more or less', async () => {
    const before = await effectiveAccessOf(service, tenant);
    const { status, body } = await decide('promote', { assign_members: true, remove_direct: true });
    expect([status, body.promotion]).toEqual([
      200,
      {
        role_id: body.promoted_role_id,
        junior_role_ids: [],
        promoted_junior_candidate_ids: [],
        assigned_member_count: 4,
        left_out_member_count: 0,
        removed_assignment_count: 8,
        changed_access_count: 0,
        overridden_violations: [],
      },
    ]);
    expect(await effectiveAccessOf(service, tenant)).toEqual(before);
    expect(await service.asTenant(tenant, 'SELECT FROM access_assignment')).toHaveLength(1);
  });

  it('leaves members out who have lost some of the access since the run', async () => {
    await importGraph(service, token, {
      assignments: assignmentsCsv([
        { users: staff.slice(1), entitlements: ['book', 'pay'] },
        { users: ['u1'], entitlements: ['book', 'mail'] },
      ]),
    });
    const before = await effectiveAccessOf(service, tenant);
    const { body } = await decide('promote', { assign_members: true, remove_direct: true });
    expect(body.promotion).toMatchObject({
      assigned_member_count: 3,
      left_out_member_count: 1,
      removed_assignment_count: 6,
    });
    expect(await effectiveAccessOf(service, tenant)).toEqual(before);
  });

  it('with members is refused for a role that breaks a rule, unless a reason is given', async () => {
    const rule = await seedRule(service, token, tenant, 'Book and pay', [['book'], ['pay', 'mail']]);
    const violation = {
      rule_id: rule,
      rule_name: 'Book and pay',
      entitlement_ids: [entitlement('book'), entitlement('pay')].sort(),
      user_count: 0,
      user_ids: [],
    };
    expect((await read()).sod_violations).toEqual([violation]);
    const refused = await decide('promote', { assign_members: true });
    expect([refused.status, refused.body.sod_violations]).toEqual([409, [violation]]);
    expect((await read()).promotion_status).toBe('pending');
    const { status, body } = await decide('promote', { assign_members: true, override_reason: 'Small office' });
    expect([status, body.promotion]).toMatchObject([200, { overridden_violations: [violation] }]);
  });

  it('happens once: of fifty at the same time one makes the role', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => decide('promote', { role_name: `Role ${index}`, assign_members: true })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 49 }, () => 409)]);
    expect(await rolesOf('Role ')).toHaveLength(1);
  });

  it('of two candidates under the same name happens to one of them', async () => {
    const other = await results.candidate('Other', ['book', 'mail'], ['u1']);
    const answers = await Promise.all([candidate, other].map((id) => decide('promote', { role_name: 'Same' }, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('or dismissing it: of both at the same time one happens', async () => {
    const answers = await Promise.all([decide('promote'), decide('dismiss')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { promotion_status, promoted_role_id } = await read();
    expect(promoted_role_id === null).toBe(promotion_status === 'dismissed');
    expect(await rolesOf('Accounts')).toHaveLength(promotion_status === 'promoted' ? 1 : 0);
  });
});

describe('dismissing a candidate', () => {
  it.each([
    [undefined, null],
    [{}, null],
    [{ reason: null }, null],
    [{ reason: 'Пора\n🚀 \u0007' }, 'Пора\n🚀 \u0007'],
  ])('with %j keeps the reason %j', async (json, reason) => {
    const { status, body } = await decide('dismiss', json);
    expect(status).toBe(200);
    expect(body).toMatchObject({ promotion_status: 'dismissed', dismissed_reason: reason, promoted_role_id: null });
    expect(await read()).toEqual(body);
  });

  it.each([[{ reason: 5 }], [{ reason: 'x'.repeat(2001) }], [{ reason: 'a\0' }], [{ reason: '\ud800' }]])(
    'refuses %j',
    async (json) => {
      const { status, body } = await decide('dismiss', json);
      expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field: 'reason' }] });
    },
  );
});

describe('a decided candidate', () => {
  it.each([
    ['promote', 'promote'],
    ['promote', 'dismiss'],
    ['dismiss', 'promote'],
    ['dismiss', 'dismiss'],
  ])('after %s refuses %s', async (first, second) => {
    expect((await decide(first)).status).toBe(200);
    const { status, body } = await decide(second);
    expect([status, body.message]).toEqual([409, expect.stringMatching(/only a pending one/)]);
  });

  it('is remembered by its entitlements when its job has gone', async () => {
    await decide('dismiss', { reason: 'Temporary' });
    await service.call('DELETE', `${API}/jobs/${results.jobId}`, { token });
    const later = await seedResults(service, tenant);
    const same = await later.candidate('Again', ['pay', 'book'], staff);
    const other = await later.candidate('Larger', ['pay', 'book', 'mail'], ['u1']);
    const decision = {
      decision: 'dismissed',
      reason: 'Temporary',
      role_id: null,
      candidate_id: candidate,
      job_id: results.jobId,
      decided_by: user,
      decided_at: expect.any(String),
    };
    expect((await read(same)).decided_before).toEqual(decision);
    expect((await read(other)).decided_before).toBeNull();
    const promoted = await decide('promote', {}, same);
    expect(promoted.body.decided_before).toBeNull();
    const last = await (await seedResults(service, tenant)).candidate('Third', ['book', 'pay'], staff);
    expect((await read(last)).decided_before).toMatchObject({
      decision: 'promoted',
      role_id: promoted.body.promoted_role_id,
      candidate_id: same,
    });
  });
});

describe('decisions about candidates', () => {
  it('are refused for ids that are malformed, unknown or of another tenant', async () => {
    for (const what of ['promote', 'dismiss']) {
      expect((await decide(what, {}, 'x')).status).toBe(400);
      expect((await decide(what, {}, randomUUID())).status).toBe(404);
      expect((await decide(what, {}, candidate, service.token())).status).toBe(404);
    }
    expect((await read()).promotion_status).toBe('pending');
  });
});

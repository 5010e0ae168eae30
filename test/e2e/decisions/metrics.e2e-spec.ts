import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { idsOf } from '../../support/granted-access.js';
import { importGraph, names } from '../../support/seed-graph.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining/metrics';
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let token: string;
let id: ReturnType<typeof idsOf>;
/**
 * r1 (read, write): ada used read lately; bob used read long ago; cy used only what the role does not give; dan is unknown.
 * r2 (write): bob, who used write lately, although he has it by roles only. r3: mail, no members. r4: ada, no entitlements.
 */
beforeEach(async () => {
  tenant = randomUUID();
  token = service.token({ tenant });
  id = idsOf(tenant);
  await importGraph(service, token, {
    entitlements: 'entitlement,name\nread,Read\nwrite,Write\nmail,Mail\n',
    assignments: [
      'user,entitlement,last_used_at',
      `ada,read,${daysAgo(89)}`,
      `ada,mail,`,
      `bob,read,${daysAgo(91)}`,
      `cy,mail,${daysAgo(1)}`,
      `dan,mail,`,
      '',
    ].join('\n'),
    roles: [
      'role,name,entitlement,user',
      ...['read', 'write'].map((entitlement) => `r1,One,${entitlement},`),
      ...['ada', 'bob', 'cy', 'dan'].map((user) => `r1,One,,${user}`),
      'r2,Two,write,',
      'r2,Two,,bob',
      'r3,Three,mail,',
      'r4,Four,,ada',
      '',
    ].join('\n'),
  });
  await service.asTenant(
    tenant,
    `INSERT INTO access_usage SELECT $1, holder.number, entitlement.number, now() - interval '1 day'
     FROM access_user holder, access_entitlement entitlement
     WHERE holder.external_id = 'bob' AND entitlement.external_id = 'write'`,
    [tenant],
  );
});

const get = (path = ''): Promise<Answer> => service.call('GET', API + path, { token });
const calculate = (json?: unknown): Promise<Answer> => service.call('POST', `${API}/calculate`, { token, json });
const roleIdsAt = async (query: string): Promise<unknown[]> =>
  ((await get(query)).body.items as { role_id: string }[]).map(({ role_id }) => role_id);
const usage = (name: string, used_by_count: number, total_users: number): object => ({
  entitlement_id: id.entitlement(name),
  used_by_count,
  total_users,
  usage_rate: total_users === 0 ? 0 : used_by_count / total_users,
});
const byId = (usages: object[]): object[] =>
  (usages as { entitlement_id: string }[]).sort((a, b) => (a.entitlement_id < b.entitlement_id ? -1 : 1));

describe('POST /metrics/calculate', () => {
  it('calculates every role of the tenant by default', async () => {
    const { status, body } = await calculate();
    expect([status, body]).toEqual([200, { roles_calculated: 4, calculated_at: expect.stringMatching(DATETIME) }]);
    const { body: metric } = await get(`/${id.role('r1')}`);
    // ada has read, write, mail; bob read, write; cy and dan read, write, mail: 8 of 11 are the role's. bob used write by r1 as by r2.
    expect(metric).toEqual({
      id: expect.any(String),
      tenant_id: tenant,
      role_id: id.role('r1'),
      utilization_rate: 3 / 4,
      coverage_rate: 8 / 11,
      user_count: 4,
      active_user_count: 3,
      unknown_user_count: 1,
      entitlement_usage: byId([usage('read', 1, 4), usage('write', 1, 4)]),
      trend_direction: 'stable',
      calculated_at: body.calculated_at,
    });
    expect((await get(`/${id.role('r2')}`)).body).toMatchObject({
      utilization_rate: 1,
      coverage_rate: 1 / 2,
      user_count: 1,
      active_user_count: 1,
      unknown_user_count: 0,
      entitlement_usage: [usage('write', 1, 1)],
    });
    const empty = { utilization_rate: 0, coverage_rate: 0, active_user_count: 0, unknown_user_count: 0 };
    expect((await get(`/${id.role('r3')}`)).body).toMatchObject({
      ...empty,
      user_count: 0,
      entitlement_usage: [usage('mail', 0, 0)],
    });
    expect((await get(`/${id.role('r4')}`)).body).toMatchObject({ ...empty, user_count: 1, entitlement_usage: [] });
  });

  it('calculates the roles that are named, each once', async () => {
    const role = id.role('r2');
    expect((await calculate({ role_ids: [role, role.toUpperCase()] })).body.roles_calculated).toBe(1);
    expect(await roleIdsAt('')).toEqual([role]);
    expect((await get(`/${role}`)).body).toMatchObject({ coverage_rate: 1 / 2 });
    expect((await calculate({ role_ids: [] })).body.roles_calculated).toBe(0);
    expect((await calculate({ role_ids: null, unknown: 1 })).body.roles_calculated).toBe(4);
  });

  it('names roles that the tenant does not have, and calculates nothing then', async () => {
    const stranger = idsOf(randomUUID()).role('r1');
    const { status, body } = await calculate({ role_ids: [id.role('r1'), stranger] });
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'role_ids', message: `role_ids: the tenant has no role ${stranger}` }],
    ]);
    const many = await calculate({ role_ids: Array.from({ length: 10_000 }, () => randomUUID()) });
    expect([many.status, many.body.message]).toEqual([400, expect.stringMatching(/and 9990 more$/)]);
    expect((await get()).body.total).toBe(0);
  });

  it.each([
    ['a string', 'r1'],
    ['no UUIDs', ['r1']],
    ['numbers', [1]],
  ])('refuses role_ids of %s', async (_, role_ids) => {
    const { status, body } = await calculate({ role_ids });
    expect([status, body.errors]).toMatchObject([400, [{ field: 'role_ids' }]]);
  });

  it('takes ten thousand roles in one call', async () => {
    const roles = names('many', 10_000);
    await importGraph(service, token, {
      roles: ['role,name,entitlement,user', ...roles.flatMap((r) => [`${r},${r},read,`, `${r},${r},,ada`]), ''].join(
        '\n',
      ),
    });
    const { status, body } = await calculate({ role_ids: roles.map(id.role) });
    expect([status, body.roles_calculated]).toEqual([200, 10_000]);
    expect((await get(`/${id.role('many5000')}`)).body).toMatchObject({ utilization_rate: 1, coverage_rate: 1 / 2 });
  });

  it('is in the audit trail', async () => {
    await calculate();
    expect(
      await service.asTenant(tenant, `SELECT action, after FROM audit_event WHERE object_type = 'metrics'`),
    ).toMatchObject([{ action: 'metrics.calculate', after: { roles_calculated: 4, all_roles: true } }]);
  });

  it('may run several times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => calculate()));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(6).fill(200));
    expect((await get()).body.total).toBe(4);
  });
});

describe('the trend', () => {
  const earlier = (rate: number, days: number): Promise<unknown> =>
    service.asTenant(
      tenant,
      `INSERT INTO role_mining_role_metric_history
       VALUES ($1, $2, now() - $4 * interval '1 day', $3, 0, 4, 0, 0)`,
      [tenant, id.role('r1'), rate, days],
    );

  // r1 is at 0.75 now.
  it.each([
    ['up', [[0.69, 7.01]]],
    ['stable', [[0.7, 7.01]]],
    ['stable', [[0.8, 7.01]]],
    ['down', [[0.81, 7.01]]],
    ['stable', [[0.1, 6.99]]],
    [
      'down',
      [
        [0.1, 30],
        [1, 8],
        [0.1, 2],
      ],
    ],
  ] as [string, [number, number][]][])('is %s after %j (rate, days ago)', async (direction, history) => {
    for (const [rate, days] of history) await earlier(rate, days);
    await calculate();
    expect((await get(`/${id.role('r1')}`)).body.trend_direction).toBe(direction);
  });

  it('has every calculation to compare with', async () => {
    await calculate();
    const first = (await get(`/${id.role('r1')}`)).body;
    await calculate();
    const second = (await get(`/${id.role('r1')}`)).body;
    expect(second.id).not.toBe(first.id);
    const rows = await service.asTenant<{ calculated_at: Date }>(
      tenant,
      'SELECT calculated_at FROM role_mining_role_metric_history WHERE role_id = $1 ORDER BY 1',
      [id.role('r1')],
    );
    expect(rows.map((row) => row.calculated_at.toISOString())).toEqual([first.calculated_at, second.calculated_at]);
  });
});

describe('GET /metrics', () => {
  it('lists the least used first, by page, utilisation and trend', async () => {
    await calculate();
    const rates = ((await get()).body.items as { utilization_rate: number }[]).map((item) => item.utilization_rate);
    expect(rates).toEqual([0, 0, 0.75, 1]);
    expect((await get('?limit=2&offset=2')).body).toMatchObject({ total: 4, page: 2, page_size: 2 });
    expect(await roleIdsAt('?limit=2&offset=2')).toEqual(['r1', 'r2'].map(id.role));
    expect(await roleIdsAt('?min_utilization=0.5&max_utilization=0.75')).toEqual([id.role('r1')]);
    expect(await roleIdsAt('?trend_direction=down')).toEqual([]);
    expect(await roleIdsAt('?trend_direction=stable&min_utilization=1')).toEqual([id.role('r2')]);
    for (const query of ['?trend_direction=sideways', '?min_utilization=2', '?max_utilization=x', '?offset=-1']) {
      expect((await get(query)).status).toBe(400);
    }
  });

  it('shows no metrics of roles that have gone, until they come back', async () => {
    await calculate();
    const roles = 'role,name,entitlement,user\nr1,One,read,\n';
    await importGraph(service, token, { roles });
    expect(await roleIdsAt('')).toEqual([id.role('r1')]);
    expect((await get(`/${id.role('r2')}`)).status).toBe(404);
    await importGraph(service, token, { roles: `${roles}r2,Two,write,\n` });
    expect((await get(`/${id.role('r2')}`)).status).toBe(200);
  });

  it('has nothing of another tenant, and nothing for others than administrators', async () => {
    await calculate();
    const other = service.token();
    expect((await service.call('GET', API, { token: other })).body.total).toBe(0);
    expect((await service.call('GET', `${API}/${id.role('r1')}`, { token: other })).status).toBe(404);
    const json = { role_ids: [id.role('r1')] };
    expect((await service.call('POST', `${API}/calculate`, { token: other, json })).status).toBe(400);
    expect((await service.call('POST', `${API}/calculate`, { token: other })).body.roles_calculated).toBe(0);
    expect([(await get(`/${randomUUID()}`)).status, (await get('/5')).status]).toEqual([404, 400]);
    for (const [path, method] of [
      ['', 'GET'],
      ['/calculate', 'POST'],
    ] as const) {
      expect((await service.call(method, API + path)).status).toBe(401);
      expect((await service.call(method, API + path, { token: service.token({ roles: [] }) })).status).toBe(403);
    }
  });
});

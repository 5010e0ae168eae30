import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  SIMULATION_STATUSES,
  SIMULATION_TRANSITIONS,
  type SimulationStatus,
} from '../../../src/role-mining/simulations/simulation-status.js';
import { effectiveAccessOf, idsOf } from '../../support/granted-access.js';
import { importGraph, names } from '../../support/seed-graph.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining/simulations';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const ASSIGNMENTS = 'user,entitlement\nada,read\nbob,mail\ncy,write\n';
const ROLES = ['r1,Readers,read,', 'r1,,write,', 'r1,,,ada', 'r1,,,bob', 'r2,Writers,write,', 'r2,,,bob'];

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let user: string;
let token: string;
let id: ReturnType<typeof idsOf>;
/** ada: read directly, read and write by r1. bob: mail directly, read and write by r1, write by r2. cy: write directly. */
beforeEach(async () => {
  [tenant, user] = [randomUUID(), randomUUID()];
  token = service.token({ tenant, user });
  id = idsOf(tenant);
  await importGraph(service, token, {
    assignments: ASSIGNMENTS,
    roles: ['role,name,entitlement,user', ...ROLES, ''].join('\n'),
  });
});

const post = (path: string, json?: unknown): Promise<Answer> => service.call('POST', API + path, { token, json });
const get = (path: string): Promise<Answer> => service.call('GET', API + path, { token });
const remove = (path: string): Promise<Answer> => service.call('DELETE', API + path, { token });

interface Scenario {
  readonly scenario_type: string;
  readonly target_role_id?: string;
  readonly changes: object;
}
async function create(scenario: Scenario): Promise<string> {
  const { status, body } = await post('', { name: 'Try', ...scenario });
  expect({ status, message: body.message }).toEqual({ status: 201, message: undefined });
  return body.id as string;
}
async function execute(scenario: Scenario): Promise<Answer['body'] & { id: string }> {
  const { status, body } = await post(`/${await create(scenario)}/execute`);
  expect({ status, message: body.message }).toEqual({ status: 200, message: undefined });
  return body as Answer['body'] & { id: string };
}
const difference = (byUser: Record<string, string[]>): object => ({
  user_count: Object.keys(byUser).length,
  assignment_count: Object.values(byUser).flat().length,
  users: Object.entries(byUser)
    .map(([name, held]) => ({ user_id: id.user(name), entitlement_ids: held.map(id.entitlement).sort() }))
    .sort((a, b) => (a.user_id < b.user_id ? -1 : 1)),
  truncated: false,
});
const removeWriters = (): Scenario => ({ scenario_type: 'remove_role', target_role_id: id.role('r2'), changes: {} });
const newRole = (changes: object = {}): Scenario => ({
  scenario_type: 'add_role',
  changes: { role_name: 'New', entitlement_ids: [id.entitlement('mail')], user_ids: [id.user('cy')], ...changes },
});

describe('POST /simulations', () => {
  it('creates a draft with all fields of the contract', async () => {
    const changes = {
      change_type: 'add_role',
      entitlement_id: id.entitlement('read'),
      entitlement_ids: [id.entitlement('mail').toUpperCase(), id.entitlement('mail')],
      user_ids: [id.user('cy'), id.user('cy')],
      role_name: ' Größe 🎉 ',
      role_description: 'two\nlines',
      unknown: 1,
    };
    const { status, body } = await post('', { name: ' Try ', scenario_type: 'add_role', changes });
    expect(status).toBe(201);
    const nothing = { user_count: 0, assignment_count: 0, users: [], truncated: false };
    expect(body).toEqual({
      id: expect.stringMatching(UUID),
      tenant_id: tenant,
      name: 'Try',
      scenario_type: 'add_role',
      target_role_id: null,
      changes: {
        change_type: 'add_role',
        entitlement_id: id.entitlement('read'),
        entitlement_ids: [id.entitlement('mail')],
        user_ids: [id.user('cy')],
        role_name: 'Größe 🎉',
        role_description: 'two\nlines',
      },
      status: 'draft',
      affected_users: [],
      affected_user_count: 0,
      affected_users_truncated: false,
      access_gained: nothing,
      access_lost: nothing,
      created_role_id: null,
      applied_by: null,
      applied_at: null,
      created_by: user,
      created_at: expect.stringMatching(DATETIME),
    });
    expect((await get(`/${body.id as string}`)).body).toEqual(body);
  });

  it('takes "type" for "change_type"', async () => {
    const { body } = await post('', { name: 'Try', ...removeWriters(), changes: { type: 'remove_role' } });
    expect(body.changes).toEqual({ change_type: 'remove_role' });
  });

  const E = '11111111-1111-4111-8111-111111111111';
  const good = { name: 'Try', scenario_type: 'add_role', changes: { role_name: 'New', entitlement_id: E } };
  const expectFault = async (body: object, field: string): Promise<void> => {
    const answer = await post('', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ field, message: expect.stringContaining(field) }]);
  };

  it.each<[string, object, string]>([
    ['no name', { name: undefined }, 'name'],
    ['a control character in the name', { name: 'a\u0007b' }, 'name'],
    ['a name of 256 characters', { name: 'é'.repeat(256) }, 'name'],
    ['an unknown scenario', { scenario_type: 'add_user' }, 'scenario_type'],
    ['no changes', { changes: undefined }, 'changes'],
    ['changes that are a list', { changes: [] }, 'changes'],
    ['a target that is no UUID', { target_role_id: 'r1' }, 'target_role_id'],
  ])('refuses %s', (_, fault, field) => expectFault({ ...good, ...fault }, field));

  it.each<[string, object, string]>([
    ['an id that is no string', { entitlement_id: 5 }, 'changes.entitlement_id'],
    ['an id in a list that is no UUID', { entitlement_ids: [E, 'x'] }, 'changes.entitlement_ids'],
    ['a list that is none', { user_ids: E }, 'changes.user_ids'],
    ['a NUL in the description', { role_description: 'a\0' }, 'changes.role_description'],
    ['a blank role name', { role_name: '  ' }, 'changes.role_name'],
    ['a change type that contradicts', { change_type: 'remove_role' }, 'changes.change_type'],
    ['two change types', { change_type: 'one', type: 'two' }, 'changes.type'],
  ])('refuses changes with %s', (_, fault, field) =>
    expectFault({ ...good, changes: { ...good.changes, ...fault } }, field),
  );

  it.each([
    ['add_entitlement', {}, ['changes.entitlement_ids', 'changes.user_ids']],
    ['add_entitlement', { entitlement_ids: [], user_ids: [] }, ['changes.entitlement_ids', 'changes.user_ids']],
    ['add_entitlement', { entitlement_id: E, user_ids: [E], role_id: E }, ['changes.user_ids']],
    ['remove_entitlement', { entitlement_id: E }, ['changes.user_ids']],
    ['remove_entitlement', { role_id: E, user_ids: [] }, ['changes.entitlement_ids']],
    ['add_role', {}, ['changes.role_name', 'changes.entitlement_ids']],
    ['add_role', { role_name: 'x', entitlement_ids: [] }, ['changes.entitlement_ids']],
    ['remove_role', { role_id: E }, ['target_role_id']],
    ['modify_role', { entitlement_id: E }, ['target_role_id', 'changes.entitlement_ids']],
  ])('refuses %s with %j', async (scenario_type, changes, fields) => {
    const { status, body } = await post('', { name: 'Try', scenario_type, changes });
    expect(status).toBe(400);
    expect((body.errors as { field: string }[]).map(({ field }) => field)).toEqual(fields);
  });

  it('refuses a role_id that is not the target', async () => {
    const changes = { role_id: id.role('r2'), entitlement_id: id.entitlement('read') };
    const body = { name: 'Try', scenario_type: 'add_entitlement', target_role_id: id.role('r1'), changes };
    expect((await post('', body)).body.errors).toMatchObject([{ field: 'changes.role_id' }]);
  });

  it('names ids that the tenant does not have, those of another tenant too', async () => {
    const stranger = idsOf(randomUUID());
    await importGraph(service, service.token(), { assignments: ASSIGNMENTS });
    const other = service.token({ tenant: randomUUID() });
    await importGraph(service, other, { assignments: 'user,entitlement\neve,secret\n' });
    const [eve, secret] = await Promise.all(
      ['users', 'entitlements'].map(async (kind) => {
        const { body } = await service.call('GET', `/governance/access-graph/${kind}`, { token: other });
        return (body.items as { id: string }[])[0].id;
      }),
    );
    const unknown = Array.from({ length: 11 }, () => randomUUID());
    const foreign = await post('', { name: 'Try', ...newRole({ user_ids: [eve], entitlement_ids: [secret] }) });
    expect(foreign.status).toBe(400);
    expect(foreign.body.errors).toEqual([
      { field: 'changes.entitlement_ids', message: expect.stringContaining(secret) },
      { field: 'changes.user_ids', message: expect.stringContaining(eve) },
    ]);
    const many = await post('', { name: 'Try', ...newRole({ user_ids: [...unknown, id.user('ada')] }) });
    expect(many.status).toBe(400);
    expect(many.body.message).toMatch(/[0-9a-f-]{36}, .* and 1 more$/);
    expect(many.body.message).not.toContain(id.user('ada'));
    const roles = { scenario_type: 'modify_role', changes: { entitlement_ids: [], role_id: stranger.role('r1') } };
    const role = await post('', { name: 'Try', ...roles, target_role_id: stranger.role('r1') });
    expect(role.body.errors).toMatchObject([{ field: 'target_role_id' }, { field: 'changes.role_id' }]);
  });

  it('takes ten thousand entitlements', async () => {
    const many = names('e', 10_000);
    await importGraph(service, token, {
      entitlements: ['entitlement,name', ...many.map((name) => `${name},${name}`), 'read,read', 'mail,mail', ''].join(
        '\n',
      ),
      users: 'user\nada\nbob\ncy\n',
      assignments: ASSIGNMENTS,
    });
    const simulation = await execute(
      newRole({ entitlement_ids: many.map(id.entitlement), user_ids: ['ada', 'bob', 'cy'].map(id.user) }),
    );
    expect((simulation.changes as { entitlement_ids: string[] }).entitlement_ids).toHaveLength(10_000);
    expect(simulation).toMatchObject({
      affected_user_count: 3,
      access_gained: { user_count: 3, assignment_count: 30_000, truncated: true },
    });
    const { users } = simulation.access_gained as { users: { entitlement_ids: string[] }[] };
    expect(users.flatMap(({ entitlement_ids }) => entitlement_ids)).toHaveLength(10_000);
    expect((await post(`/${simulation.id}/apply`)).status).toBe(200);
    expect(await effectiveAccessOf(service, tenant)).toHaveLength(6 + 30_000);
  });
});

describe('the impact', () => {
  const expectImpact = async (
    scenario: Scenario,
    gained: Record<string, string[]>,
    lost: Record<string, string[]>,
  ): Promise<void> => {
    const before = await effectiveAccessOf(service, tenant);
    const simulation = await execute(scenario);
    const affected = [...new Set([...Object.keys(gained), ...Object.keys(lost)])].map(id.user).sort();
    expect(simulation).toMatchObject({
      status: 'executed',
      affected_users: affected,
      affected_user_count: affected.length,
      access_gained: difference(gained),
      access_lost: difference(lost),
    });
    expect(await effectiveAccessOf(service, tenant)).toEqual(before);
    expect((await get(`/${simulation.id}`)).body).toEqual(simulation);

    const applied = await post(`/${simulation.id}/apply`);
    expect(applied.body).toMatchObject({
      status: 'applied',
      applied_by: user,
      applied_at: expect.stringMatching(DATETIME),
    });
    const pairs = (by: Record<string, string[]>): string[] =>
      Object.entries(by).flatMap(([name, held]) => held.map((entitlement) => `${name} ${entitlement}`));
    const after = new Set([...before, ...pairs(gained)]);
    for (const pair of pairs(lost)) after.delete(pair);
    expect(await effectiveAccessOf(service, tenant)).toEqual([...after].sort());
  };
  const role = (scenario_type: string, changes: object): Scenario => ({
    scenario_type,
    target_role_id: id.role('r1'),
    changes,
  });

  it('of an entitlement added to a role leaves out who holds it already', () =>
    expectImpact(role('add_entitlement', { entitlement_id: id.entitlement('mail') }), { ada: ['mail'] }, {}));

  it('of an entitlement removed from a role leaves out who holds it in another way', () =>
    expectImpact(
      role('remove_entitlement', { entitlement_ids: [id.entitlement('read'), id.entitlement('write')] }),
      {},
      { ada: ['write'], bob: ['read'] },
    ));

  it('of a role with another set is both', () =>
    expectImpact(
      role('modify_role', { entitlement_ids: [id.entitlement('mail'), id.entitlement('write')] }),
      { ada: ['mail'] },
      { bob: ['read'] },
    ));

  it('of a role with an empty set is what the role alone gave', () =>
    expectImpact(role('modify_role', { entitlement_ids: [] }), {}, { ada: ['write'], bob: ['read'] }));

  it('of a removed role is what it alone gave', () =>
    expectImpact(role('remove_role', {}), {}, { ada: ['write'], bob: ['read'] }));

  it('of a removed role that gave nothing alone is nothing', () => expectImpact(removeWriters(), {}, {}));

  it('of a new role is what its members lack', () =>
    expectImpact(
      newRole({
        entitlement_ids: [id.entitlement('mail'), id.entitlement('write')],
        user_ids: ['bob', 'cy'].map(id.user),
      }),
      { cy: ['mail'] },
      {},
    ));

  it('of a new role without members is nothing', () => expectImpact(newRole({ user_ids: null }), {}, {}));

  it('of entitlements added to users is what they lack', () =>
    expectImpact(
      {
        scenario_type: 'add_entitlement',
        changes: {
          entitlement_ids: ['read', 'write'].map(id.entitlement),
          user_ids: ['ada', 'bob', 'cy'].map(id.user),
        },
      },
      { cy: ['read'] },
      {},
    ));

  it('of entitlements removed from users leaves out what roles give them', () =>
    expectImpact(
      {
        scenario_type: 'remove_entitlement',
        changes: {
          entitlement_ids: ['read', 'write', 'mail'].map(id.entitlement),
          user_ids: ['ada', 'bob', 'cy'].map(id.user),
        },
      },
      {},
      { bob: ['mail'], cy: ['write'] },
    ));
});

describe('POST /simulations/{id}/apply', () => {
  it('makes the role of add_role', async () => {
    const { id: simulation } = await execute(newRole({ role_description: 'for mail' }));
    const { body } = await post(`/${simulation}/apply`);
    const role = await service.call('GET', `/governance/access-graph/roles/${body.created_role_id as string}`, {
      token,
    });
    expect(role.body).toMatchObject({ name: 'New', description: 'for mail', source: 'simulation', member_count: 1 });
  });

  it('refuses, and changes nothing, when an import removed a direct assignment in between', async () => {
    const scenario = {
      scenario_type: 'remove_entitlement',
      target_role_id: id.role('r1'),
      changes: { entitlement_id: id.entitlement('read') },
    };
    const simulation = await execute(scenario);
    expect(simulation.access_lost).toEqual(difference({ bob: ['read'] }));
    await importGraph(service, token, { assignments: ASSIGNMENTS.replace('ada,read', 'ada,mail') });
    const before = await effectiveAccessOf(service, tenant);

    const { status, body } = await post(`/${simulation.id}/apply`);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      message: expect.stringContaining('has changed since the simulation was executed'),
      shown: { affected_user_count: 1, access_gained: 0, access_lost: 1 },
      now: { affected_user_count: 2, access_gained: 0, access_lost: 2 },
    });
    expect(await effectiveAccessOf(service, tenant)).toEqual(before);
    expect((await get(`/${simulation.id}`)).body).toEqual(simulation);
    expect((await post(`/${await create(scenario)}/execute`)).body.access_lost).toEqual(
      difference({ ada: ['read'], bob: ['read'] }),
    );
  });

  it('refuses when other users are concerned, although as many', async () => {
    const simulation = await execute(newRole({ user_ids: ['ada', 'bob'].map(id.user) }));
    expect(simulation.affected_users).toEqual([id.user('ada')]);
    await importGraph(service, token, {
      assignments: ASSIGNMENTS.replace('ada,read', 'ada,mail').replace('bob,mail', 'bob,read'),
    });
    expect((await post(`/${simulation.id}/apply`)).status).toBe(409);
  });

  it('is made when the graph has changed where it has no part', async () => {
    const simulation = await execute(newRole());
    await importGraph(service, token, { assignments: `${ASSIGNMENTS}dan,read\ncy,read\nada,write\n` });
    expect((await post(`/${simulation.id}/apply`)).status).toBe(200);
  });

  it('refuses when what it names has gone', async () => {
    const role = await execute(removeWriters());
    const users = await execute(newRole());
    const draft = await create(newRole({ role_name: 'Later' }));
    const gone = await create({ ...removeWriters(), scenario_type: 'modify_role', changes: { entitlement_ids: [] } });
    await importGraph(service, token, {
      users: 'user\nada\nbob\n',
      assignments: 'user,entitlement\nada,read\nbob,mail\n',
      roles: ['role,name,entitlement,user', ...ROLES.slice(0, 4), ''].join('\n'),
    });

    const answers = await Promise.all([
      post(`/${role.id}/apply`),
      post(`/${users.id}/apply`),
      post(`/${draft}/execute`),
      post(`/${gone}/execute`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
    expect(answers[0].body.message).toContain(id.role('r2'));
    expect(answers[1].body.message).toContain(id.user('cy'));
  });

  it('refuses a role name that is taken', async () => {
    const { id: simulation } = await execute(newRole({ role_name: 'Writers' }));
    const before = await effectiveAccessOf(service, tenant);
    const { status, body } = await post(`/${simulation}/apply`);
    expect([status, body.message]).toEqual([409, expect.stringContaining('"Writers"')]);
    expect(await effectiveAccessOf(service, tenant)).toEqual(before);
    expect((await get(`/${simulation}`)).body.status).toBe('executed');
  });

  it('takes effect once when it is called many times at once', async () => {
    const { id: simulation } = await execute(newRole());
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(`/${simulation}/apply`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
    expect(await service.asTenant(tenant, `SELECT FROM access_role WHERE name = 'New'`)).toHaveLength(1);
  });
});

describe('separation of duties', () => {
  const forbid = async (a: string, b: string): Promise<void> => {
    await service.asTenant(
      tenant,
      `WITH rule AS (
         INSERT INTO role_mining_sod_rule (tenant_id, name, created_by) VALUES ($1, 'Mail or write', $2) RETURNING id)
       INSERT INTO role_mining_sod_rule_entitlement (tenant_id, rule_id, side, entitlement_id)
       SELECT $1, id, side, entitlement FROM rule, (VALUES ('a', $3::uuid), ('b', $4::uuid)) AS of_rule (side, entitlement)`,
      [tenant, user, id.entitlement(a), id.entitlement(b)],
    );
  };

  it('refuses what would violate a rule, unless there is a reason', async () => {
    await forbid('mail', 'write');
    const { id: simulation } = await execute(newRole());
    const before = await effectiveAccessOf(service, tenant);
    const refused = await post(`/${simulation}/apply`);
    expect(refused.status).toBe(409);
    expect(refused.body.sod_violations).toMatchObject([{ rule_name: 'Mail or write', user_ids: [id.user('cy')] }]);
    expect(await effectiveAccessOf(service, tenant)).toEqual(before);
    expect((await post(`/${simulation}/apply`, { override_reason: ' ' })).status).toBe(400);
    expect((await post(`/${simulation}/apply`, { override_reason: 'für das Quartal 🎉' })).status).toBe(200);
    const events = await service.asTenant<{
      action: string;
      reason: string | null;
      refusal: object | null;
      after: object;
    }>(
      tenant,
      `SELECT action, reason, refusal, after FROM audit_event WHERE object_id = $1 AND action = 'simulation.apply' ORDER BY sequence`,
      [simulation],
    );
    expect(events).toMatchObject([
      { reason: null, refusal: { status: 409 } },
      {
        reason: 'für das Quartal 🎉',
        refusal: null,
        after: { status: 'applied', sod_violations: [{ user_count: 1 }] },
      },
    ]);
  });

  it('counts what is withdrawn by the same change as gone', async () => {
    await forbid('mail', 'write');
    await importGraph(service, token, {
      assignments: `${ASSIGNMENTS}dan,read\n`,
      roles: ['role,name,entitlement,user', ...ROLES, 'r3,Others,write,', 'r3,,,dan', ''].join('\n'),
    });
    const changes = { entitlement_ids: [id.entitlement('mail')] };
    const swap = { scenario_type: 'modify_role', target_role_id: id.role('r3'), changes };
    const { id: simulation } = await execute(swap);
    expect((await post(`/${simulation}/apply`)).status).toBe(200);
  });
});

describe('the states over HTTP', () => {
  const inStatus: Record<SimulationStatus, () => Promise<string>> = {
    draft: () => create(newRole()),
    executed: async () => (await execute(newRole())).id,
    applied: async () => {
      const { id: simulation } = await execute(newRole());
      await post(`/${simulation}/apply`);
      return simulation;
    },
    cancelled: async () => {
      const simulation = await create(newRole());
      await remove(`/${simulation}`);
      return simulation;
    },
  };
  const steps: Partial<Record<SimulationStatus, (simulation: string) => Promise<Answer>>> = {
    executed: (simulation) => post(`/${simulation}/execute`),
    applied: (simulation) => post(`/${simulation}/apply`),
    cancelled: (simulation) => remove(`/${simulation}`),
  };

  it.each(SIMULATION_STATUSES)('takes only the steps of the table from %s', async (from) => {
    for (const [to, step] of Object.entries(steps) as [SimulationStatus, (simulation: string) => Promise<Answer>][]) {
      await service.asTenant(tenant, `DELETE FROM access_role WHERE name = 'New'`);
      const simulation = await inStatus[from]();
      await service.asTenant(tenant, `DELETE FROM access_role WHERE name = 'New'`);
      const { status } = await step(simulation);
      const after = await get(`/${simulation}`);
      if (from === 'cancelled' && to === 'cancelled') {
        expect([status, after.status]).toEqual([204, 404]);
      } else {
        const allowed = SIMULATION_TRANSITIONS[from].includes(to);
        expect({ from, to, ok: status < 300, status: after.body.status }).toEqual({
          from,
          to,
          ok: allowed,
          status: allowed ? to : from,
        });
        if (!allowed) expect(status).toBe(409);
      }
    }
  });

  it('keeps the impact of a cancelled simulation readable', async () => {
    const simulation = await execute(newRole());
    expect((await remove(`/${simulation.id}`)).status).toBe(204);
    expect((await get(`/${simulation.id}`)).body).toEqual({ ...simulation, status: 'cancelled' });
  });
});

describe('GET /simulations', () => {
  it('lists the newest first, by page, status and scenario', async () => {
    const first = await create(removeWriters());
    const second = (await execute(newRole())).id;
    const third = await create(newRole());
    const idsAt = async (query: string): Promise<unknown[]> =>
      ((await get(query)).body.items as { id: string }[]).map((item) => item.id);
    expect((await get('?limit=2')).body).toMatchObject({ total: 3, page: 1, page_size: 2 });
    expect(await idsAt('?limit=2')).toEqual([third, second]);
    expect(await idsAt('?limit=2&offset=2')).toEqual([first]);
    expect(await idsAt('?status=executed')).toEqual([second]);
    expect(await idsAt('?scenario_type=remove_role')).toEqual([first]);
    expect(await idsAt('?scenario_type=remove_role&status=applied')).toEqual([]);
    for (const query of ['?status=running', '?scenario_type=', '?limit=0']) expect((await get(query)).status).toBe(400);
  });
});

describe('another tenant', () => {
  it('finds nothing', async () => {
    const simulation = await create(newRole());
    const other = service.token();
    const call = (method: string, path: string): Promise<Answer> => service.call(method, API + path, { token: other });
    expect((await call('GET', '')).body.total).toBe(0);
    const answers = await Promise.all([
      call('GET', `/${simulation}`),
      call('POST', `/${simulation}/execute`),
      call('POST', `/${simulation}/apply`),
      call('DELETE', `/${simulation}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await get(`/${simulation}`)).body.status).toBe('draft');
  });

  it('is no way in: malformed ids are 400, no token 401, no administrator 403', async () => {
    expect((await get('/5')).status).toBe(400);
    for (const [path, method] of [
      ['', 'GET'],
      ['', 'POST'],
      [`/${randomUUID()}/apply`, 'POST'],
    ] as const) {
      expect((await service.call(method, API + path)).status).toBe(401);
      expect((await service.call(method, API + path, { token: service.token({ roles: ['viewer'] }) })).status).toBe(
        403,
      );
    }
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { importGraph } from '../../support/seed-graph.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const GRAPH = '/governance/access-graph';
const tenant = randomUUID();
const user = (externalId: string): string => stableUuid(tenant, 'user', externalId);
const entitlement = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);
const role = (externalId: string): string => stableUuid(tenant, 'role', externalId);

let service: TestService;
let token: string;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
  token = service.token({ tenant });
  await importGraph(service, token, {
    assignments: 'user,entitlement,last_used_at\nada,read,2026-01-05T10:00:00Z\nada,write,\nbob,read,\ncy,100%_sure,\n',
    users: 'user,department,site\nada,Finance,Oslo|Rome\nbob,Finance,\ncy,Sales,Rome\ndan,,\n',
    entitlements:
      'entitlement,name,application,description\nread,Read files,Files,Reads them\nwrite,Write files,Files,\n' +
      'pay,Pay invoices,SAP,\n',
    roles: 'role,name,entitlement,user\nr1,Payers,pay,\nr1,,read,\nr1,,,ada\nr1,,,cy\nr2,Auditors,read,\n',
  });
});
afterAll(async () => service[Symbol.asyncDispose]());

async function get(path: string): Promise<Record<string, unknown>> {
  const { status, body } = await service.call('GET', `${GRAPH}/${path}`, { token });
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}
async function externalIds(path: string): Promise<unknown[]> {
  const { items } = await get(path);
  return (items as { external_id: string }[]).map(({ external_id }) => external_id);
}

describe('users', () => {
  it('are listed by external id, with what they hold by roles too', async () => {
    expect(await get('users')).toEqual({
      items: [
        {
          id: user('ada'),
          external_id: 'ada',
          attributes: { department: 'Finance', site: ['Oslo', 'Rome'] },
          entitlement_count: 3,
          role_count: 1,
        },
        {
          id: user('bob'),
          external_id: 'bob',
          attributes: { department: 'Finance' },
          entitlement_count: 1,
          role_count: 0,
        },
        {
          id: user('cy'),
          external_id: 'cy',
          attributes: { department: 'Sales', site: 'Rome' },
          entitlement_count: 3,
          role_count: 1,
        },
        { id: user('dan'), external_id: 'dan', attributes: {}, entitlement_count: 0, role_count: 0 },
      ],
      total: 4,
      page: 1,
      page_size: 50,
    });
    expect(await get('users?limit=1&offset=2')).toMatchObject({ items: [{ external_id: 'cy' }], total: 4, page: 3 });
    expect(await get(`users/${user('bob').toUpperCase()}`)).toMatchObject({ external_id: 'bob' });
  });

  it('are found by ids and by a part of the external id', async () => {
    expect(await externalIds(`users?ids=${user('cy').toUpperCase()},${randomUUID()},${user('ada')}`)).toEqual([
      'ada',
      'cy',
    ]);
    expect(await externalIds('users?search=A')).toEqual(['ada', 'dan']);
    expect(await externalIds(`users?search=a&ids=${user('dan')}`)).toEqual(['dan']);
    expect(await externalIds('users?search=%25')).toEqual([]);
  });

  it('have their access told by way and by last use', async () => {
    expect(await get(`users/${user('ada')}/access`)).toEqual({
      items: [
        { entitlement_id: entitlement('pay'), direct: false, role_ids: [role('r1')], last_used_at: null },
        {
          entitlement_id: entitlement('read'),
          direct: true,
          role_ids: [role('r1')],
          last_used_at: '2026-01-05T10:00:00.000Z',
        },
        { entitlement_id: entitlement('write'), direct: true, role_ids: [], last_used_at: null },
      ],
      total: 3,
    });
    expect(await get(`users/${user('dan')}/access`)).toEqual({ items: [], total: 0 });
  });
});

describe('entitlements', () => {
  it('are listed by name, with who hold them by roles too', async () => {
    expect(await get('entitlements')).toMatchObject({
      items: [
        { external_id: '100%_sure', name: '100%_sure', application: null, description: null, user_count: 1 },
        { external_id: 'pay', name: 'Pay invoices', application: 'SAP', user_count: 2 },
        { external_id: 'read', name: 'Read files', application: 'Files', description: 'Reads them', user_count: 3 },
        { external_id: 'write', name: 'Write files', user_count: 1 },
      ],
      total: 4,
    });
    expect(await get(`entitlements/${entitlement('read')}`)).toEqual({
      id: entitlement('read'),
      external_id: 'read',
      name: 'Read files',
      application: 'Files',
      description: 'Reads them',
      user_count: 3,
    });
  });

  it('are found by name, external id and application', async () => {
    expect(await externalIds('entitlements?search=FILES')).toEqual(['read', 'write']);
    expect(await externalIds('entitlements?search=wri')).toEqual(['write']);
    expect(await externalIds('entitlements?search=%25_')).toEqual(['100%_sure']);
    expect(await externalIds('entitlements?application=SAP')).toEqual(['pay']);
    expect(
      await externalIds(`entitlements?application=Files&ids=${entitlement('pay')},${entitlement('read')}`),
    ).toEqual(['read']);
  });
});

describe('roles', () => {
  it('are listed by name', async () => {
    const payers = {
      id: role('r1'),
      external_id: 'r1',
      name: 'Payers',
      description: null,
      entitlement_ids: [entitlement('pay'), entitlement('read')].sort(),
      junior_role_ids: [],
      member_count: 2,
      source: 'import',
    };
    expect(await get('roles')).toMatchObject({
      items: [{ external_id: 'r2', name: 'Auditors', entitlement_ids: [entitlement('read')], member_count: 0 }, payers],
      total: 2,
    });
    expect(await get(`roles/${role('r1')}`)).toEqual(payers);
    expect(await externalIds('roles?search=pay')).toEqual(['r1']);
    expect(await externalIds(`roles?ids=${role('r2')}`)).toEqual(['r2']);
  });
});

describe('the summary', () => {
  it('says how much there is and what users can be grouped by', async () => {
    expect(await get('summary')).toEqual({
      users: 4,
      entitlements: 4,
      assignments: 4,
      roles: 2,
      last_import_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      attributes: [
        { name: 'department', distinct_values: 2, coverage: 0.75 },
        { name: 'site', distinct_values: 2, coverage: 0.5 },
      ],
    });
  });
});

describe('what look-ups refuse', () => {
  const collections = ['users', 'entitlements', 'roles'];

  it.each(collections)('%s of another tenant, and ids that are unknown or malformed', async (path) => {
    const other = service.token();
    const own = { users: user('ada'), entitlements: entitlement('read'), roles: role('r1') }[path];
    const statusOf = async (url: string, as: string | null): Promise<number> =>
      (await service.call('GET', `${GRAPH}/${url}`, { token: as })).status;
    expect(await statusOf(`${path}/${own}`, token)).toBe(200);
    expect(await statusOf(`${path}/${own}`, other)).toBe(404);
    expect(await statusOf(`${path}/${randomUUID()}`, token)).toBe(404);
    expect(await statusOf(`${path}/42`, token)).toBe(400);
    expect((await service.call('GET', `${GRAPH}/${path}`, { token: other })).body).toMatchObject({
      items: [],
      total: 0,
    });
    expect(await statusOf(path, null)).toBe(401);
    expect(await statusOf(path, service.token({ roles: [] }))).toBe(403);
  });

  it.each([
    ['limit=0', 'limit'],
    ['offset=-1', 'offset'],
    ['ids=', 'ids'],
    ['ids=42', 'ids'],
    [`ids=${Array.from({ length: 101 }, () => randomUUID()).join(',')}`, 'ids'],
    [`ids=${randomUUID()}&ids=${randomUUID()}`, 'ids'],
    ['search=', 'search'],
    ['search=a&search=b', 'search'],
    ['search=a%00b', 'search'],
    [`search=${'x'.repeat(256)}`, 'search'],
  ])('?%s', async (query, field) => {
    for (const path of collections) {
      const { status, body } = await service.call('GET', `${GRAPH}/${path}?${query}`, { token });
      expect({ path, status, errors: body.errors }).toMatchObject({ path, status: 400, errors: [{ field }] });
    }
  });

  it('the access of an unknown user', async () => {
    const { status } = await service.call('GET', `${GRAPH}/users/${randomUUID()}/access`, { token });
    expect(status).toBe(404);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { assignmentsCsv, importGraph, names } from '../../support/seed-graph.js';
import { type Answer, eventually, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';
const GRAPH = '/governance/access-graph';
const EVERYBODY = ['door', 'mail', 'intranet'];
const SALES = ['leads', 'prices', 'quotes'];
const LEADS = ['refunds', 'credits'];
const users = names('user', 14);
/** All twelve have what everybody has, eight are in sales, four of whom lead. */
const ACCESS = assignmentsCsv([
  { users, entitlements: EVERYBODY },
  { users: users.slice(0, 8), entitlements: SALES },
  { users: users.slice(0, 4), entitlements: LEADS },
]);

interface Candidate {
  readonly id: string;
  readonly proposed_name: string;
  readonly entitlement_ids: string[];
  readonly own_entitlement_ids: string[];
  readonly inherited_entitlement_ids: string[];
  readonly junior_candidate_ids: string[];
  readonly junior_role_ids: string[];
  readonly promotion_status: string;
  readonly promoted_role_id: string | null;
}

interface Role {
  readonly id: string;
  readonly name: string;
  readonly entitlement_ids: string[];
  readonly junior_role_ids: string[];
  readonly member_count: number;
}

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ MINING_HIERARCHY: 'true' });
});
afterAll(async () => service[Symbol.asyncDispose]());

describe('a job that mines a hierarchy', () => {
  let tenant: string;
  let token: string;
  let summary: Record<string, unknown>;
  let everybody: Candidate;
  let sales: Candidate;
  let leads: Candidate;

  const get = (path: string): Promise<Answer> => service.call('GET', path, { token });
  const post = (path: string, json: object = {}): Promise<Answer> => service.call('POST', path, { token, json });
  const entitlements = (externalIds: readonly string[]): string[] =>
    externalIds.map((externalId) => stableUuid(tenant, 'entitlement', externalId)).sort();
  const candidate = async (id: string): Promise<Candidate> =>
    (await get(`${API}/candidates/${id}`)).body as unknown as Candidate;
  const roles = async (): Promise<Role[]> => (await get(`${GRAPH}/roles`)).body.items as Role[];
  const access = async (user: string): Promise<unknown[]> => {
    const { body } = await get(`${GRAPH}/users/${stableUuid(tenant, 'user', user)}/access`);
    return (body.items as { entitlement_id: string }[]).map((item) => item.entitlement_id).sort();
  };

  async function mine(files: Record<string, string>): Promise<Candidate[]> {
    await importGraph(service, token, { assignments: ACCESS, ...files });
    const { body } = await post(`${API}/jobs`, { name: 'Hierarchy' });
    await post(`${API}/jobs/${body.id as string}/run`);
    const job = await eventually(
      () => get(`${API}/jobs/${body.id as string}`),
      (answer) => answer.body.status === 'completed',
    );
    summary = job.body.summary as Record<string, unknown>;
    expect(Object.keys(job.body.parameters as object)).toHaveLength(8);
    const found = await get(`${API}/jobs/${body.id as string}/candidates`);
    return found.body.items as Candidate[];
  }

  beforeEach(async () => {
    tenant = randomUUID();
    token = service.token({ tenant });
    const found = await mine({});
    const bySize = found.toSorted((a, b) => a.entitlement_ids.length - b.entitlement_ids.length);
    expect(bySize.map(({ entitlement_ids: ids }) => ids.length)).toEqual([3, 6, 8]);
    [everybody, sales, leads] = bySize;
  });

  it('tells own and inherited entitlements apart, and what inheritance makes of the complexity', () => {
    expect(leads.own_entitlement_ids.toSorted()).toEqual(entitlements(LEADS));
    expect(leads.inherited_entitlement_ids.toSorted()).toEqual(entitlements([...EVERYBODY, ...SALES]));
    expect(leads.junior_candidate_ids).toEqual([sales.id]);
    expect(sales.junior_candidate_ids).toEqual([everybody.id]);
    expect(everybody).toMatchObject({ junior_candidate_ids: [], junior_role_ids: [], inherited_entitlement_ids: [] });
    expect(everybody.own_entitlement_ids.toSorted()).toEqual(entitlements(EVERYBODY));
    expect(summary).toMatchObject({ cost_model: 'hierarchy', role_hierarchy_edges: 2, wsc_after: 3 + 14 + 8 + 2 });
    expect(summary.trade_off).toContainEqual({ role_count: 3, wsc: 27 });
  });

  it("promotes with a senior role its juniors, in one go, and changes nobody's access", async () => {
    const before = await Promise.all(users.map(access));

    const { status, body } = await post(`${API}/candidates/${leads.id}/promote`, {
      role_name: 'Sales lead',
      assign_members: true,
      remove_direct: true,
    });

    expect(status).toBe(200);
    expect(body.promotion).toMatchObject({
      promoted_junior_candidate_ids: [everybody.id, sales.id],
      assigned_member_count: 4,
      changed_access_count: 0,
    });
    const made = await roles();
    const [lead, ofSales, ofAll] = [leads, sales, everybody].map(({ entitlement_ids: ids }) =>
      made.find((role) => role.entitlement_ids.length === ids.length),
    );
    expect(lead).toMatchObject({ name: 'Sales lead', junior_role_ids: [ofSales?.id], member_count: 4 });
    expect(ofSales).toMatchObject({ name: sales.proposed_name, junior_role_ids: [ofAll?.id], member_count: 4 });
    expect(ofAll).toMatchObject({ name: everybody.proposed_name, junior_role_ids: [], member_count: 6 });
    for (const { id } of [everybody, sales, leads]) expect((await candidate(id)).promotion_status).toBe('promoted');
    expect(await Promise.all(users.map(access))).toEqual(before);
    expect((await get(`${GRAPH}/users/${stableUuid(tenant, 'user', 'user1')}`)).body).toMatchObject({ role_count: 1 });
  });

  it('links juniors that were promoted before', async () => {
    const junior = await post(`${API}/candidates/${sales.id}/promote`);
    const { body } = await post(`${API}/candidates/${leads.id}/promote`);

    expect(body.promotion).toMatchObject({
      junior_role_ids: [junior.body.promoted_role_id],
      promoted_junior_candidate_ids: [],
    });
  });

  it('inherits from roles that were there already', async () => {
    tenant = randomUUID();
    token = service.token({ tenant });
    const rows = SALES.concat(EVERYBODY).map((entitlement) => `R1,Sales,${entitlement},`);
    const found = await mine({ roles: ['role,name,entitlement,user', ...rows, ''].join('\n') });
    const existing = stableUuid(tenant, 'role', 'R1');

    const senior = found.find(({ entitlement_ids: ids }) => ids.length === 8);
    expect(senior).toMatchObject({ junior_candidate_ids: [], junior_role_ids: [existing] });
    expect(senior?.own_entitlement_ids.toSorted()).toEqual(entitlements(LEADS));
    const { body } = await post(`${API}/candidates/${senior?.id}/promote`);
    expect(body.promotion).toMatchObject({ junior_role_ids: [existing] });
  });

  it('leaves dismissed juniors out', async () => {
    await post(`${API}/candidates/${sales.id}/dismiss`);
    const { status, body } = await post(`${API}/candidates/${leads.id}/promote`);

    expect(status).toBe(200);
    expect(body.promotion).toMatchObject({ junior_role_ids: [], promoted_junior_candidate_ids: [] });
    expect((await roles()).map(({ entitlement_ids: ids }) => ids.length)).toEqual([8]);
  });

  it('makes nothing when the name of a junior is taken', async () => {
    await post(`${API}/simulations`, {
      name: 'Taken',
      scenario_type: 'add_role',
      changes: { role_name: sales.proposed_name, entitlement_ids: entitlements(['door']) },
    }).then(async ({ body }) => {
      await post(`${API}/simulations/${body.id as string}/execute`);
      await post(`${API}/simulations/${body.id as string}/apply`);
    });

    const { status, body } = await post(`${API}/candidates/${leads.id}/promote`, { role_name: 'Sales lead' });

    expect(status).toBe(409);
    expect(body.message).toContain(sales.proposed_name);
    expect(await roles()).toHaveLength(1);
    for (const { id } of [everybody, sales, leads]) expect((await candidate(id)).promotion_status).toBe('pending');
  });

  it('ends an inheritance when the junior comes to give more than the senior, and gives nobody anything by it', async () => {
    await post(`${API}/candidates/${leads.id}/promote`, { assign_members: true, remove_direct: true });
    const [lead, ofSales] = [leads, sales].map(({ entitlement_ids: ids }) => ids.length);
    const juniorsOf = async (size: number): Promise<string[] | undefined> =>
      (await roles()).find((role) => role.entitlement_ids.length === size)?.junior_role_ids;
    expect(await juniorsOf(lead)).toHaveLength(1);
    await importGraph(service, token, {
      assignments: `${ACCESS}user14,vault\n`,
      entitlements: 'entitlement,name\nvault,V\n',
    });
    const before = await access('user1');
    const salesRole = (await candidate(sales.id)).promoted_role_id;

    const { body } = await post(`${API}/simulations`, {
      name: 'More for sales',
      scenario_type: 'add_entitlement',
      target_role_id: salesRole,
      changes: { entitlement_ids: entitlements(['vault']) },
    });
    await post(`${API}/simulations/${body.id as string}/execute`);
    expect((await post(`${API}/simulations/${body.id as string}/apply`)).status).toBe(200);

    expect(await juniorsOf(lead)).toEqual([]);
    expect(await juniorsOf(ofSales + 1)).toHaveLength(1);
    expect(await access('user1')).toEqual(before);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignmentsCsv, importGraph, names } from '../support/seed-graph.js';
import { type Answer, eventually, startTestService, type TestService } from '../support/test-service.js';

const API = '/governance/role-mining';
const JOBS = `${API}/jobs`;
const ENDED = ['completed', 'failed', 'cancelled'];

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(async () => service[Symbol.asyncDispose]());

const get = (token: string, path: string): Promise<Answer> => service.call('GET', path, { token });

async function startJob(token: string, parameters: object = {}): Promise<string> {
  const created = await service.call('POST', JOBS, { token, json: { name: 'Mine', parameters } });
  const run = await service.call('POST', `${JOBS}/${created.body.id as string}/run`, { token });
  expect([run.status, run.body.status]).toEqual([200, 'running']);
  return created.body.id as string;
}

async function mine(token: string, parameters: object = {}): Promise<Answer['body']> {
  const id = await startJob(token, parameters);
  const ended = await eventually(
    () => get(token, `${JOBS}/${id}`),
    ({ body }) => ENDED.includes(body.status as string),
  );
  return ended.body;
}

interface Item {
  readonly id: string;
  readonly [field: string]: unknown;
}
async function itemsOf(token: string, path: string): Promise<Item[]> {
  const { status, body } = await get(token, path);
  expect(status).toBe(200);
  return body.items as Item[];
}

describe('a run on a small organisation', () => {
  const tenant = randomUUID();
  const sales = names('sales', 6);
  const finance = names('finance', 5);
  let token: string;
  let job: Answer['body'];

  beforeAll(async () => {
    token = service.token({ tenant });
    await importGraph(service, token, {
      assignments: assignmentsCsv([
        { users: sales, entitlements: ['crm:read', 'crm:write', 'mail'] },
        { users: finance, entitlements: ['erp:book', 'erp:pay', 'mail'] },
        { users: ['sales1'], entitlements: names('extra', 9) },
      ]),
      users: [
        'user,department',
        ...sales.map((user) => `${user},Sales`),
        ...finance.map((user) => `${user},Finance`),
        '',
      ].join('\n'),
      entitlements: 'entitlement,name,application\ncrm:read,Read customers,CRM\ncrm:write,Change customers,CRM\n',
      roles: [
        'role,name,entitlement,user',
        ...['crm:read', 'crm:write', 'mail'].map((entitlement) => `R1,Sales old,${entitlement},`),
        ...['crm:read', 'crm:write', 'mail', 'erp:pay'].map((entitlement) => `R2,Sales new,${entitlement},`),
        'R1,Sales old,,sales1',
        '',
      ].join('\n'),
    });
    job = await mine(token, { peer_group_attribute: 'department' });
  });

  it('completes with counts, times and a summary', () => {
    expect(job).toMatchObject({
      status: 'completed',
      progress_percent: 100,
      error_message: null,
      queue_position: null,
      excessive_privilege_count: 1,
      consolidation_suggestion_count: 1,
      summary: {
        users: 11,
        entitlements: 14,
        assignments: 42,
        wsc_before: 42,
        suggestions_truncated: false,
        seed: 0,
        engine_version: expect.any(String),
        snapshot_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(job.candidate_count).toBeGreaterThan(0);
    expect((job.summary as { wsc_after: number }).wsc_after).toBeLessThan(42);
    const times = ['created_at', 'started_at', 'completed_at'].map((field) => Date.parse(job[field] as string));
    expect(times).toEqual([...times].sort());
  });

  it('finds candidates with members, confidence and an explanation, best first', async () => {
    const items = await itemsOf(token, `${JOBS}/${job.id as string}/candidates`);
    expect(items).toHaveLength(job.candidate_count as number);
    const scores = items.map((item) => item.confidence_score as number);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));

    const erp = items.find((item) => (item.member_count as number) === 5)!;
    expect(erp).toEqual({
      id: expect.any(String),
      job_id: job.id,
      proposed_name: expect.stringMatching(/Finance/),
      confidence_score: expect.any(Number),
      member_count: 5,
      assigned_member_count: 5,
      existing_role_id: null,
      entitlement_ids: expect.any(Array),
      own_entitlement_ids: erp.entitlement_ids,
      inherited_entitlement_ids: [],
      junior_candidate_ids: [],
      junior_role_ids: [],
      user_ids: expect.any(Array),
      user_ids_truncated: false,
      promotion_status: 'pending',
      promoted_role_id: null,
      dismissed_reason: null,
      sod_violations: [],
      decided_before: null,
      explanation: expect.objectContaining({
        attribute_rule: expect.objectContaining({
          conditions: [{ attribute: 'department', value: 'Finance' }],
          precision: 1,
          recall: 1,
        }),
      }),
      created_at: expect.any(String),
    });
    expect(erp.user_ids).toEqual([...(erp.user_ids as string[])].sort());
    expect((await get(token, `${API}/candidates/${erp.id}`)).body).toEqual(erp);
    const members = await get(token, `${API}/candidates/${erp.id}/members?limit=2&offset=2`);
    expect(members.body).toEqual({ items: (erp.user_ids as string[]).slice(2, 4), total: 5, page: 2, page_size: 2 });
    const farthest = await get(token, `${API}/candidates/${erp.id}/members?offset=${2 ** 31 - 1}`);
    expect(farthest.body).toMatchObject({ items: [], total: 5 });
  });

  it('filters candidates', async () => {
    const path = `${JOBS}/${job.id as string}/candidates`;
    expect(await itemsOf(token, `${path}?min_members=7`)).toEqual([]);
    expect(await itemsOf(token, `${path}?status=promoted`)).toEqual([]);
    expect(await itemsOf(token, `${path}?status=pending&promotion_status=dismissed`)).toEqual([]);
    expect((await itemsOf(token, `${path}?promotion_status=pending&min_confidence=0`)).length).toBe(
      job.candidate_count,
    );
  });

  it('finds patterns, largest first', async () => {
    const items = await itemsOf(token, `${JOBS}/${job.id as string}/patterns`);
    const areas = items.map((item) => (item.frequency as number) * (item.entitlement_ids as string[]).length);
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
    expect(items[0]).toMatchObject({ frequency: 6, user_count: 6, exact_user_count: 5 });
    expect(items[0].sample_user_ids).toHaveLength(6);
    expect((await get(token, `${API}/patterns/${items[0].id}`)).body).toEqual(items[0]);
    expect(await itemsOf(token, `${JOBS}/${job.id as string}/patterns?min_frequency=7`)).toEqual([]);
  });

  it('flags the user with more than its peers', async () => {
    const path = `${JOBS}/${job.id as string}/excessive-privileges`;
    const [flag, ...others] = await itemsOf(token, path);
    expect(others).toEqual([]);
    expect(flag).toMatchObject({
      peer_group_value: 'Sales',
      deviation_percent: 300,
      peer_average: 3,
      peer_median: 3,
      user_count: 12,
      status: 'pending',
      notes: null,
      reviewed_by: null,
      reviewed_at: null,
    });
    expect(flag.excess_entitlements).toHaveLength(9);
    expect((await get(token, `${API}/excessive-privileges/${flag.id}`)).body).toEqual(flag);
    expect(await itemsOf(token, `${path}?user_id=${(flag.user_id as string).toUpperCase()}`)).toEqual([flag]);
    expect(await itemsOf(token, `${path}?user_id=${randomUUID()}`)).toEqual([]);
    expect(await itemsOf(token, `${path}?status=accepted`)).toEqual([]);
  });

  it('suggests to merge roles that overlap, the larger one first', async () => {
    const path = `${JOBS}/${job.id as string}/consolidation-suggestions`;
    const [suggestion] = await itemsOf(token, path);
    expect(suggestion).toMatchObject({
      overlap_percent: 75,
      containment_percent: 100,
      member_overlap_percent: 0,
      unique_to_b: [],
      status: 'pending',
      dismissed_reason: null,
    });
    expect(suggestion.shared_entitlements).toHaveLength(3);
    expect(suggestion.unique_to_a).toHaveLength(1);
    expect((await get(token, `${API}/consolidation-suggestions/${suggestion.id}`)).body).toEqual(suggestion);
    expect(await itemsOf(token, `${path}?min_overlap=75`)).toHaveLength(1);
    expect(await itemsOf(token, `${path}?min_overlap=75.1`)).toEqual([]);
    expect(await itemsOf(token, `${path}?status=dismissed`)).toEqual([]);
  });

  it('lists suspected grants for review, surest first', async () => {
    const path = `${JOBS}/${job.id as string}/suspected-grants`;
    const items = await itemsOf(token, `${path}?limit=100`);
    const { suspected_missing_count: missing, suspected_extra_count: extra } = job.summary as Record<string, number>;
    expect(items).toHaveLength(missing + extra);
    const scores = items.map((item) => item.score as number);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(await itemsOf(token, `${path}?kind=missing`)).toHaveLength(missing);
    expect(await itemsOf(token, `${path}?user_id=${randomUUID()}`)).toEqual([]);
    expect((await get(token, `${path}?kind=other`)).status).toBe(400);
    expect((await get(service.token(), path)).status).toBe(404);
  });

  it('gives the same result again', async () => {
    const again = await mine(token, { peer_group_attribute: 'department' });
    const without = ({ id: _, job_id: __, created_at: ___, ...rest }: Item): object => rest;
    for (const kind of ['candidates', 'patterns', 'excessive-privileges', 'consolidation-suggestions']) {
      const [first, second] = await Promise.all(
        [job, again].map(async ({ id }) => {
          const items = await itemsOf(token, `${JOBS}/${id as string}/${kind}`);
          return items.map((item) => JSON.stringify(without(item))).sort();
        }),
      );
      expect(second).toEqual(first);
    }
  });

  it('leaves analyses out that were not asked for', async () => {
    const other = await mine(token, { include_excessive_privilege: false, include_consolidation: false });
    expect(other).toMatchObject({ excessive_privilege_count: 0, consolidation_suggestion_count: 0 });
  });

  it('is hidden from other tenants, with all its results', async () => {
    const stranger = service.token();
    const kinds = ['candidates', 'patterns', 'excessive-privileges', 'consolidation-suggestions'];
    for (const kind of kinds) {
      const [{ id }] = await itemsOf(token, `${JOBS}/${job.id as string}/${kind}`);
      for (const path of [`${JOBS}/${job.id as string}/${kind}`, `${API}/${kind}/${id}`]) {
        expect((await get(stranger, path)).status).toBe(404);
      }
      expect((await get(token, `${API}/${kind}/${randomUUID()}`)).status).toBe(404);
      expect((await get(token, `${API}/${kind}/5`)).status).toBe(400);
      expect((await get(token, `${JOBS}/${randomUUID()}/${kind}`)).status).toBe(404);
      expect((await get(token, `${JOBS}/${job.id as string}/${kind}?status=unknown&min_frequency=x`)).status).toBe(400);
    }
  });

  it('takes all results along when it is deleted', async () => {
    const other = await mine(token);
    expect((await service.call('DELETE', `${JOBS}/${other.id as string}`, { token })).status).toBe(204);
    for (const table of ['candidate', 'pattern', 'excessive_privilege', 'consolidation_suggestion']) {
      const rows = await service.asTenant(tenant, `SELECT FROM role_mining_${table} WHERE job_id = $1`, [other.id]);
      expect(rows).toEqual([]);
    }
  });
});

describe('a run', () => {
  it('completes with nothing on a tenant without data', async () => {
    const job = await mine(service.token(), { peer_group_attribute: 'department' });
    expect(job).toMatchObject({ status: 'completed', candidate_count: 0, progress_percent: 100 });
  });

  it('gives one candidate for three users with the same two entitlements, at the defaults', async () => {
    const token = service.token({ tenant: randomUUID() });
    await importGraph(service, token, {
      assignments: assignmentsCsv([{ users: names('u', 3), entitlements: ['a', 'b'] }]),
    });
    const job = await mine(token);
    expect(job.candidate_count).toBe(1);
    const [candidate] = await itemsOf(token, `${JOBS}/${job.id as string}/candidates`);
    expect(candidate).toMatchObject({ member_count: 3, confidence_score: 1 });
  });
});

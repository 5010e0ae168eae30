import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { assignmentsCsv, importGraph, names } from '../../support/seed-graph.js';
import { type SeededResults, seedResults, seedRule } from '../../support/seed-results.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';
/** What a spreadsheet would run, as the external id of a user. */
const EVIL_USER = `=cmd|' /C calc'!A0`;

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let token: string;
let results: SeededResults;
beforeEach(async () => {
  tenant = randomUUID();
  token = service.token({ tenant });
  await importGraph(service, token, {
    assignments: assignmentsCsv([{ users: [...names('u', 3), EVIL_USER], entitlements: ['book', 'pay', 'audit'] }]),
    roles: 'role,name,entitlement,user\nr1,Bookkeeping,book,\nr2,Payments,pay,\n',
  });
  results = await seedResults(service, tenant);
});

interface Exported {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Exported> {
  const response = await fetch(service.url + API + path, { headers: { Authorization: `Bearer ${token}`, ...headers } });
  // As it came: text() would drop the byte order mark.
  const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
  return { status: response.status, headers: response.headers, text };
}

type Row = Record<string, string>;
const rowsOf = ({ text }: Exported): Row[] => parse(text, { bom: true, columns: true });
const linesOf = ({ text }: Exported): unknown[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
const userId = (externalId: string): string => stableUuid(tenant, 'user', externalId);
const entitlementId = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);

async function insert(table: string, columns: string, values: string, parameters: unknown[] = []): Promise<void> {
  await service.asTenant(tenant, `INSERT INTO ${table} (tenant_id, job_id, ${columns}) SELECT $1, $2, ${values}`, [
    tenant,
    results.jobId,
    ...parameters,
  ]);
}

const insertPatterns = (count: number): Promise<void> =>
  insert(
    'role_mining_pattern',
    'entitlement_ids, frequency, exact_user_count, sample_user_ids',
    `ARRAY[$3::uuid], number, 0, ARRAY[$4::uuid] FROM generate_series(1, ${count}) AS number`,
    [entitlementId('book'), userId('u1')],
  );

describe('an export', () => {
  it('has, as NDJSON, what the list has', async () => {
    await results.candidate('Cash', ['book', 'pay'], ['u1', 'u2']);
    await results.candidate('Books', ['book'], ['u1']);
    await results.flag('u1', ['pay']);
    await results.flag('u2', ['book']);
    await results.suggestion('r1', 'r2');
    await insertPatterns(3);
    await insert('role_mining_suspected_grant', 'kind, user_id, entitlement_id, score', `'extra', $3, $4, 4.6`, [
      userId('u1'),
      entitlementId('pay'),
    ]);
    await seedRule(service, token, tenant, 'Never both', [['book'], ['pay']]);
    const seen: number[] = [];
    for (const list of [
      'candidates',
      'candidate-members',
      'patterns',
      'excessive-privileges',
      'consolidation-suggestions',
      'suspected-grants',
    ]) {
      const path = `/jobs/${results.jobId}/${list}`;
      const { body } = await service.call('GET', API + path, { token });
      const exported = await get(path, { Accept: 'application/x-ndjson' });
      expect(exported.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      expect(linesOf(exported)).toEqual(body.items);
      seen.push((body.items as unknown[]).length);
    }
    expect(seen).toEqual([2, 3, 3, 2, 1, 1]);
    const trail = await service.call('GET', `${API}/audit-events?object_type=sod_rule`, { token });
    expect(linesOf(await get('/audit-events?object_type=sod_rule&format=ndjson'))).toEqual(trail.body.items);
  });

  it('is a file of rows that a spreadsheet reads, with the names that people know', async () => {
    await results.flag('u1', ['pay', 'book']);
    const { status, headers, text } = await get(`/jobs/${results.jobId}/excessive-privileges`, { Accept: 'text/csv' });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="excessive-privileges-${results.jobId}.csv"`,
      'cache-control': 'no-store',
    });
    const [head, row, end] = text.split('\r\n');
    expect(head).toMatch(/^\ufeffid,user,user_id,peer_group_value,deviation_percent/);
    const [, user, id, group, deviation] = row.split(',');
    expect([user, id, group, deviation]).toEqual(['u1', userId('u1'), '', '100']);
    expect(end).toBe('');
    const [{ excess_entitlements, excess_entitlement_ids }] = rowsOf({ status, headers, text });
    expect(excess_entitlements.split('|').sort()).toEqual(['book', 'pay']);
    expect(excess_entitlement_ids.split('|').sort()).toEqual([entitlementId('book'), entitlementId('pay')].sort());
  });

  it('tells candidates, suggestions, patterns, suspected grants and the trail as rows', async () => {
    const candidate = await results.candidate('Cash', ['book', 'pay'], ['u1']);
    const role = stableUuid(tenant, 'role', 'r1');
    const explanation = { complexityChange: -7, nearMisses: [{ entitlementId: entitlementId('pay'), userCount: 4 }] };
    const rule = { conditions: [{ attribute: 'department', value: 'Finance' }], precision: 0.5, recall: 1 };
    await service.asTenant(
      tenant,
      `UPDATE role_mining_candidate SET existing_role_id = $2, explanation = explanation || $3 WHERE id = $1`,
      [candidate, role, JSON.stringify({ ...explanation, attributeRule: rule })],
    );
    await results.suggestion('r1', 'r2');
    await insertPatterns(1);
    await insert('role_mining_suspected_grant', 'kind, user_id, entitlement_id, score', `'missing', $3, $4, 2.3`, [
      userId('u2'),
      entitlementId('audit'),
    ]);
    await seedRule(service, token, tenant, 'Never both', [['book'], ['pay']]);
    const of = async (list: string): Promise<Row> => rowsOf(await get(`/jobs/${results.jobId}/${list}?format=csv`))[0];
    expect(await of('candidates')).toMatchObject({
      proposed_name: 'Cash',
      entitlement_count: '2',
      existing_role: 'Bookkeeping',
      promoted_role: '',
      sod_violations: 'Never both',
      complexity_change: '-7',
      users_lacking_one: '4',
      attribute_rule: 'department=Finance',
      attribute_rule_precision: '0.5',
    });
    expect(await of('consolidation-suggestions')).toMatchObject({ role_a: 'Bookkeeping', role_b: 'Payments' });
    expect(await of('patterns')).toMatchObject({ entitlements: 'book', sample_users: 'u1', user_count: '1' });
    expect(await of('suspected-grants')).toMatchObject({ kind: 'missing', user: 'u2', entitlement: 'audit' });
    const [event] = rowsOf(await get('/audit-events?action=sod_rule.create&format=csv'));
    expect(event).toMatchObject({ action: 'sod_rule.create', outcome: 'done', refusal_status: '' });
    expect(JSON.parse(event.after)).toMatchObject({ name: 'Never both' });
  });

  it('puts an apostrophe before what a spreadsheet would run, and not before numbers', async () => {
    const candidate = await results.candidate('@SUM(A1:A9)', ['book'], [EVIL_USER]);
    for (const reason of ['=1+1', '+1', '-1', '\t=1', '\r=1', 'plain']) {
      await service.asTenant(
        tenant,
        `UPDATE role_mining_candidate SET promotion_status = 'dismissed', dismissed_reason = $2 WHERE id = $1`,
        [candidate, reason],
      );
      const [row] = rowsOf(await get(`/jobs/${results.jobId}/candidates?format=csv`));
      expect(row.dismissed_reason).toBe(reason === 'plain' ? 'plain' : `'${reason}`);
      expect(row.proposed_name).toBe(`'@SUM(A1:A9)`);
    }
    const [member] = rowsOf(await get(`/candidates/${candidate}/members?format=csv`));
    expect(member.user).toBe(`'${EVIL_USER}`);
    expect(linesOf(await get(`/candidates/${candidate}/members?format=ndjson`))).toEqual([
      { candidate_id: candidate, proposed_name: '@SUM(A1:A9)', user_id: userId(EVIL_USER), is_assigned: true },
    ]);
  });

  it('names objects that have gone by their ids', async () => {
    const gone = randomUUID();
    await insert('role_mining_excessive_privilege', ...flagColumns(gone));
    const [row] = rowsOf(await get(`/jobs/${results.jobId}/excessive-privileges?format=csv`));
    expect(row).toMatchObject({ user: '', user_id: gone, excess_entitlements: gone });
  });
});

function flagColumns(id: string): [columns: string, values: string, parameters: unknown[]] {
  const columns =
    'user_id, deviation_percent, excess_entitlements, peer_average, peer_median, peer_percentile, user_count';
  return [columns, '$3, 1, ARRAY[$3::uuid], 1, 1, 1, 1', [id]];
}

describe('members', () => {
  it('are listed and exported for a whole job, in the order of its candidates, with who is given the role', async () => {
    const cash = await results.candidate('Cash', ['book', 'pay'], ['u1', 'u2', 'u3']);
    const books = await results.candidate('Books', ['book'], ['u1']);
    await service.asTenant(
      tenant,
      `UPDATE role_mining_candidate SET assigned_member_ids = ARRAY[$2::uuid], assigned_member_count = 1 WHERE id = $1`,
      [cash, userId('u2')],
    );
    const path = `/jobs/${results.jobId}/candidate-members`;
    const exported = rowsOf(await get(`${path}?format=csv`));
    const ofCash = names('u', 3)
      .map((user) => ({ user, user_id: userId(user) }))
      .sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
    expect(exported).toEqual([
      ...ofCash.map(({ user, user_id }) => ({
        proposed_name: 'Cash',
        user,
        is_assigned: String(user === 'u2'),
        candidate_id: cash,
        user_id,
      })),
      { proposed_name: 'Books', user: 'u1', is_assigned: 'true', candidate_id: books, user_id: userId('u1') },
    ]);
    const { body } = await service.call('GET', `${API}${path}?limit=1&offset=3`, { token });
    expect(body).toMatchObject({ total: 4, page: 4, page_size: 1, items: [{ candidate_id: books }] });
    const large = rowsOf(await get(`${path}?format=csv&min_members=2`));
    expect(large.map(({ candidate_id }) => candidate_id)).toEqual([cash, cash, cash]);
  });

  it('of a candidate stay a list of ids as a page', async () => {
    const cash = await results.candidate('Cash', ['book'], ['u1']);
    const { body } = await service.call('GET', `${API}/candidates/${cash}/members`, { token });
    expect(body).toEqual({ items: [userId('u1')], total: 1, page: 1, page_size: 50 });
  });
});

describe('how much is exported', () => {
  it('is the whole list, however long, in the order of the list', async () => {
    await insertPatterns(2345);
    const rows = rowsOf(await get(`/jobs/${results.jobId}/patterns?format=csv`));
    expect(rows.map((row) => Number(row.user_count))).toEqual(Array.from({ length: 2345 }, (_, index) => 2345 - index));
  });

  it('is what limit and offset say when they are there, also above 100, and what the filter lets through', async () => {
    await insertPatterns(300);
    const path = `/jobs/${results.jobId}/patterns?format=ndjson`;
    const counts = async (query: string): Promise<number[]> =>
      (linesOf(await get(path + query)) as { user_count: number }[]).map(({ user_count }) => user_count);
    expect(await counts('&limit=200&offset=10')).toEqual(Array.from({ length: 200 }, (_, index) => 290 - index));
    expect(await counts('&offset=298')).toEqual([2, 1]);
    expect(await counts('&min_frequency=299')).toEqual([300, 299]);
    expect(await counts('&offset=300')).toEqual([]);
  });

  it('is the headings alone of an empty list', async () => {
    const { text } = await get(`/jobs/${results.jobId}/candidates?format=csv`);
    expect(text).toMatch(/^\ufeffid,proposed_name,[a-z_,]+\r\n$/);
    expect(await get(`/jobs/${results.jobId}/candidates?format=ndjson`)).toMatchObject({ status: 200, text: '' });
  });
});

describe('the format', () => {
  const typeOf = async (query: string, headers: Record<string, string> = {}): Promise<string | undefined> =>
    (await get(`/jobs/${results.jobId}/patterns${query}`, headers)).headers.get('content-type')?.split(';', 1)[0];

  it('is the one that is preferred of those that are accepted', async () => {
    expect(await typeOf('', { Accept: 'text/csv' })).toBe('text/csv');
    expect(await typeOf('', { Accept: 'application/json;q=0.5, application/x-ndjson' })).toBe('application/x-ndjson');
    expect(await typeOf('', { Accept: '*/*' })).toBe('application/json');
    expect(await typeOf('', { Accept: 'application/json, text/csv' })).toBe('application/json');
  });

  it('is JSON for whoever accepts nothing that there is, as before', async () => {
    expect(await typeOf('', { Accept: 'text/html' })).toBe('application/json');
    expect(await typeOf('')).toBe('application/json');
  });

  it('in the query wins over what is accepted', async () => {
    expect(await typeOf('?format=csv', { Accept: 'application/json' })).toBe('text/csv');
    expect(await typeOf('?format=json', { Accept: 'text/csv' })).toBe('application/json');
  });

  it('is refused when it is unknown, and limits and filters as for a page', async () => {
    const path = `${API}/jobs/${results.jobId}/patterns`;
    for (const query of [
      'format=xlsx',
      'format=',
      'format=csv&format=csv',
      'format=csv&limit=0',
      'format=csv&offset=-1',
    ]) {
      const { status, headers, body } = await service.call('GET', `${path}?${query}`, { token });
      expect([query, status]).toEqual([query, 400]);
      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(body.errors).toEqual([
        { field: query.match(/limit|offset|format/g)?.at(-1), message: expect.any(String) },
      ]);
    }
  });

  it('does not matter to HEAD, which exports nothing', async () => {
    const response = await fetch(`${service.url}${API}/jobs/${results.jobId}/patterns?format=csv`, {
      method: 'HEAD',
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    expect(linesOf(await get('/audit-events?format=ndjson&action=job.export'))).toEqual([]);
  });
});

describe('who may export', () => {
  it("is an administrator of the tenant: another's job or candidate does not exist", async () => {
    const candidate = await results.candidate('Cash', ['book'], ['u1']);
    const stranger = service.token();
    for (const path of [`/jobs/${results.jobId}/candidates`, `/jobs/${results.jobId}/candidate-members`]) {
      const { status, body } = await service.call('GET', `${API}${path}?format=csv`, { token: stranger });
      expect({ status, detail: body.detail }).toEqual({
        status: 404,
        detail: `There is no mining job ${results.jobId}`,
      });
    }
    const members = await service.call('GET', `${API}/candidates/${candidate}/members?format=csv`, { token: stranger });
    expect(members.status).toBe(404);
    const trail = await service.call('GET', `${API}/audit-events?format=ndjson`, { token: stranger });
    expect(trail).toMatchObject({ status: 200, body: {} });
    const auditor = service.token({ tenant, roles: ['auditor'] });
    const refused = await service.call('GET', `${API}/jobs/${results.jobId}/candidates?format=csv`, { token: auditor });
    expect(refused.status).toBe(403);
  });

  it('is in the trail, with what was exported', async () => {
    const user = randomUUID();
    token = service.token({ tenant, user });
    await insertPatterns(7);
    const candidate = await results.candidate('Cash', ['book'], ['u1', 'u2']);
    await get(`/jobs/${results.jobId}/patterns?min_frequency=3&offset=1`, {
      Accept: 'text/csv',
      'X-Request-Id': 'req-1',
    });
    await get(`/candidates/${candidate}/members?format=ndjson&limit=1`);
    await get('/audit-events?format=csv');
    await get(`/jobs/${randomUUID()}/patterns?format=csv`);
    const { body } = await service.call('GET', `${API}/audit-events?outcome=done&actor_id=${user}`, { token });
    expect(body.items).toMatchObject([
      { action: 'audit_trail.export', object_type: 'audit_trail', object_id: null, after: { list: 'audit-events' } },
      {
        action: 'candidate.export',
        object_id: candidate,
        after: { list: 'candidate-members', format: 'ndjson', filter: {}, offset: 0, limit: 1, row_count: 1 },
      },
      {
        action: 'job.export',
        object_id: results.jobId,
        request_id: 'req-1',
        after: {
          list: 'patterns',
          format: 'csv',
          filter: { min_frequency: 3 },
          offset: 1,
          limit: null,
          row_count: 4,
        },
      },
    ]);
    const { body: verification } = await service.call('GET', `${API}/audit-events/verification`, { token });
    expect(verification.is_whole).toBe(true);
  });
});

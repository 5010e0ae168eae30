import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const DEFAULTS = {
  min_users: 3,
  min_entitlements: 2,
  confidence_threshold: 0.6,
  include_excessive_privilege: true,
  include_consolidation: true,
  consolidation_threshold: 70,
  deviation_threshold: 50,
  peer_group_attribute: null,
};

// No worker: jobs stay in the state that the calls put them in.
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

async function createJob(token: string, body: object = { name: 'Mine' }): Promise<string> {
  const answer = await service.call('POST', JOBS, { token, json: body });
  expect(answer.status).toBe(201);
  return answer.body.id as string;
}

describe('POST /jobs', () => {
  it('creates a pending job with all fields of the contract', async () => {
    const [tenant, user] = [randomUUID(), randomUUID()];
    const token = service.token({ tenant, user });
    const { status, body } = await service.call('POST', JOBS, { token, json: { name: '  Quarterly mining  ' } });

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(UUID),
      tenant_id: tenant,
      name: 'Quarterly mining',
      status: 'pending',
      parameters: DEFAULTS,
      progress_percent: 0,
      candidate_count: 0,
      excessive_privilege_count: 0,
      consolidation_suggestion_count: 0,
      started_at: null,
      completed_at: null,
      error_message: null,
      created_by: user,
      created_at: expect.stringMatching(DATETIME),
      updated_at: expect.stringMatching(DATETIME),
      summary: null,
      queue_position: null,
      waiting_reason: null,
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['every field null', Object.fromEntries(Object.keys(DEFAULTS).map((field) => [field, null]))],
  ])('applies the defaults to %s', async (_, parameters) => {
    const { status, body } = await service.call('POST', JOBS, {
      token: service.token(),
      json: { name: 'Mine', parameters },
    });
    expect(status).toBe(201);
    expect(body.parameters).toEqual(DEFAULTS);
  });

  it.each([
    ['min_users', [1, 1_000_000]],
    ['min_entitlements', [1, 10_000]],
    ['confidence_threshold', [0, 0.123456, 1]],
    ['include_excessive_privilege', [false]],
    ['include_consolidation', [false]],
    ['consolidation_threshold', [0, 12.5, 100]],
    ['deviation_threshold', [0, 9999.5, 10_000]],
    ['peer_group_attribute', ['d', 'ä'.repeat(128)]],
  ])('keeps %s as it was given, the others by default', async (field, values) => {
    for (const value of values) {
      const answer = await service.call('POST', JOBS, {
        token: service.token(),
        json: { name: 'Mine', parameters: { [field]: value }, unknown: 1 },
      });
      expect(answer.body.parameters).toEqual({ ...DEFAULTS, [field]: value });
    }
  });

  it.each([
    ['min_users', [0, 1_000_001, -3, 2.5, '3', true, [], {}]],
    ['min_entitlements', [0, 10_001, 1.5, '2']],
    ['confidence_threshold', [-0.01, 1.01, '0.6', false]],
    ['include_excessive_privilege', ['true', 0, 1]],
    ['include_consolidation', ['false', 1]],
    ['consolidation_threshold', [-1, 100.5, '70']],
    ['deviation_threshold', [-0.1, 10_000.1, '50']],
    ['peer_group_attribute', ['', 'x'.repeat(129), 5, ['department'], 'a\u0000b']],
  ])('refuses wrong values of %s and names it', async (field, values) => {
    for (const value of values) {
      const { status, body } = await service.call('POST', JOBS, {
        token: service.token(),
        json: { name: 'Mine', parameters: { [field]: value } },
      });
      expect(status).toBe(400);
      expect(body.errors).toEqual([{ field: `parameters.${field}`, message: expect.stringContaining(field) }]);
    }
  });

  it.each([
    ['a missing name', {}],
    ['an empty name', { name: '' }],
    ['a blank name', { name: ' \t\n ' }],
    ['a name of 256 characters', { name: 'x'.repeat(256) }],
    ['a name with a control character', { name: 'a\u0007b' }],
    ['a name with half a surrogate pair', { name: 'a\ud800b' }],
    ['a name that is no string', { name: 5 }],
    ['a null name', { name: null }],
  ])('refuses %s', async (_, json) => {
    const { status, body } = await service.call('POST', JOBS, { token: service.token(), json });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field: 'name', message: expect.stringContaining('name') }]);
  });

  it('takes a name of 255 characters outside of the basic plane', async () => {
    const name = '🗝'.repeat(255);
    const { status, body } = await service.call('POST', JOBS, { token: service.token(), json: { name } });
    expect(status).toBe(201);
    expect(body.name).toBe(name);
  });

  it('refuses parameters that are no object', async () => {
    for (const parameters of [5, 'x', [], [[]], true]) {
      const { status, body } = await service.call('POST', JOBS, {
        token: service.token(),
        json: { name: 'Mine', parameters },
      });
      expect(status).toBe(400);
      expect(JSON.stringify(body.errors)).toContain('parameters');
    }
  });
});

describe('GET /jobs', () => {
  it('lists newest first, in pages, the tenant’s own only', async () => {
    const token = service.token({ tenant: randomUUID() });
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await createJob(token, { name: `Job ${n}` }));
    await createJob(service.token());

    const whole = await service.call('GET', JOBS, { token });
    expect(whole.status).toBe(200);
    expect(whole.body).toMatchObject({ total: 5, page: 1, page_size: 50 });
    expect((whole.body.items as { id: string }[]).map(({ id }) => id)).toEqual(ids);

    const part = await service.call('GET', `${JOBS}?limit=2&offset=2`, { token });
    expect(part.body).toMatchObject({ total: 5, page: 2, page_size: 2 });
    expect((part.body.items as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(2, 4));
  });

  it('filters by status', async () => {
    const token = service.token({ tenant: randomUUID() });
    await createJob(token);
    const running = await createJob(token);
    await service.call('POST', `${JOBS}/${running}/run`, { token });

    const { body } = await service.call('GET', `${JOBS}?status=running`, { token });
    expect(body.total).toBe(1);
    expect((body.items as { id: string }[])[0].id).toBe(running);
    expect((await service.call('GET', `${JOBS}?status=failed`, { token })).body).toMatchObject({ items: [], total: 0 });
  });

  it('takes a limit above 100 as 100', async () => {
    const { status, body } = await service.call('GET', `${JOBS}?limit=101`, { token: service.token() });
    expect(status).toBe(200);
    expect(body.page_size).toBe(100);
  });

  it('ignores unknown parameters', async () => {
    expect((await service.call('GET', `${JOBS}?colour=red`, { token: service.token() })).status).toBe(200);
  });

  it.each([
    ['limit', ['0', '-1', 'abc', '1.5', '', ' 5', '0x10', '1e1', '99999999999999999999999']],
    ['offset', ['-1', 'abc', '2147483648', '1.5', '']],
    ['status', ['done', '', 'PENDING']],
  ])('refuses wrong values of %s', async (field, values) => {
    for (const value of values) {
      const { status, body } = await service.call('GET', `${JOBS}?${field}=${encodeURIComponent(value)}`, {
        token: service.token(),
      });
      if (field === 'limit' && value.length > 20) expect(status).toBe(200);
      else {
        expect([value, status]).toEqual([value, 400]);
        expect(body.errors).toEqual([{ field, message: expect.stringContaining(field) }]);
      }
    }
  });

  it('refuses a repeated parameter', async () => {
    const { status, body } = await service.call('GET', `${JOBS}?limit=5&limit=6`, { token: service.token() });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field: 'limit', message: expect.stringContaining('["5","6"]') }]);
  });
});

describe('GET /jobs/{job_id}', () => {
  it('reads the job, its id in any case', async () => {
    const token = service.token({ tenant: randomUUID() });
    const id = await createJob(token);
    for (const spelling of [id, id.toUpperCase()]) {
      const { status, body } = await service.call('GET', `${JOBS}/${spelling}`, { token });
      expect(status).toBe(200);
      expect(body.id).toBe(id);
    }
  });
});

describe('POST /jobs/{job_id}/run', () => {
  it('answers with the running job, waiting for a worker', async () => {
    const token = service.token({ tenant: randomUUID() });
    const id = await createJob(token);
    const { status, body } = await service.call('POST', `${JOBS}/${id}/run`, { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, status: 'running', completed_at: null, progress_percent: 0 });
    expect(body.started_at).toMatch(DATETIME);
    expect(body.queue_position).toEqual(expect.any(Number));
  });

  it('lets exactly one of many simultaneous calls run the job', async () => {
    const token = service.token({ tenant: randomUUID() });
    const id = await createJob(token);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => service.call('POST', `${JOBS}/${id}/run`, { token })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
  });

  it('gives tenants turns: a second tenant’s job is next after one of the first’s', async () => {
    const [first, second] = [service.token({ tenant: randomUUID() }), service.token({ tenant: randomUUID() })];
    const positions: number[] = [];
    for (const token of [first, first, first, second]) {
      const id = await createJob(token);
      const { body } = await service.call('POST', `${JOBS}/${id}/run`, { token });
      positions.push(body.queue_position as number);
    }
    expect(positions[3]).toBeLessThan(positions[2]);
  });
});

describe('DELETE /jobs/{job_id}', () => {
  it('refuses a pending job', async () => {
    const token = service.token({ tenant: randomUUID() });
    const id = await createJob(token);
    const { status, body } = await service.call('DELETE', `${JOBS}/${id}`, { token });
    expect(status).toBe(409);
    expect(body.detail).toMatch(/pending/);
    expect((await service.call('GET', `${JOBS}/${id}`, { token })).body.status).toBe('pending');
  });

  it('cancels a running job, then deletes it', async () => {
    const token = service.token({ tenant: randomUUID() });
    const id = await createJob(token);
    await service.call('POST', `${JOBS}/${id}/run`, { token });

    const cancelled = await service.call('DELETE', `${JOBS}/${id}`, { token });
    expect([cancelled.status, cancelled.body]).toEqual([204, {}]);
    const { body } = await service.call('GET', `${JOBS}/${id}`, { token });
    expect(body).toMatchObject({ status: 'cancelled', progress_percent: 0, error_message: null, queue_position: null });
    expect(body.completed_at).toMatch(DATETIME);
    expect((await service.call('POST', `${JOBS}/${id}/run`, { token })).status).toBe(409);

    expect((await service.call('DELETE', `${JOBS}/${id}`, { token })).status).toBe(204);
    expect((await service.call('GET', `${JOBS}/${id}`, { token })).status).toBe(404);
    expect((await service.call('DELETE', `${JOBS}/${id}`, { token })).status).toBe(404);
  });
});

describe('every call on one job', () => {
  const calls: [method: string, suffix: string][] = [
    ['GET', ''],
    ['POST', '/run'],
    ['DELETE', ''],
  ];

  it.each(calls)('%s …%s: 404 for an unknown job and for another tenant’s', async (method, suffix) => {
    const foreign = await createJob(service.token());
    for (const id of [randomUUID(), foreign]) {
      const { status, body } = await service.call(method, `${JOBS}/${id}${suffix}`, { token: service.token() });
      expect(status).toBe(404);
      expect(body).toEqual({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: `There is no mining job ${id}`,
        message: `There is no mining job ${id}`,
        instance: `${JOBS}/${id}${suffix}`,
      });
    }
  });

  it.each(calls)('%s …%s: 400 for an id that is no UUID', async (method, suffix) => {
    for (const id of ['5', 'x'.repeat(36), '%F0%9F%97%9D']) {
      const { status, body } = await service.call(method, `${JOBS}/${id}${suffix}`, { token: service.token() });
      expect(status).toBe(400);
      expect(body.errors).toEqual([{ field: 'job_id', message: expect.stringContaining('must be a UUID') }]);
    }
  });
});

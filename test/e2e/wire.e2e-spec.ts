import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
import { eventually, startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api', DATABASE_LOCK_TIMEOUT_MS: '200' });
});
afterAll(async () => service[Symbol.asyncDispose]());

/** A request as it is written, without the client's own ideas about headers. */
function raw(method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.url);
    httpRequest({ hostname, port, method, path, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

describe('bodies', () => {
  const token = (): string => service.token();
  const json = { 'Content-Type': 'application/json' };

  it('takes no body, an empty one and {} as the same', async () => {
    for (const call of [{}, { headers: json }, { headers: json, body: '' }, { json: {} }]) {
      const { status, body } = await service.call('POST', JOBS, { token: token(), ...call });
      expect(status).toBe(400);
      expect(body.errors).toEqual([{ field: 'name', message: expect.any(String) }]);
    }
  });

  it('does not mind a content type without a body', async () => {
    const headers = { ...json, Authorization: `Bearer ${token()}` };
    expect(await raw('GET', JOBS, headers)).toBe(200);
    expect(await raw('DELETE', `${JOBS}/${randomUUID()}`, headers)).toBe(404);
    expect(await raw('DELETE', `${JOBS}/${randomUUID()}`, { ...headers, 'Content-Length': '0' })).toBe(404);
    expect(await raw('POST', `${JOBS}/${randomUUID()}/run`, headers)).toBe(404);
  });

  it.each(['{"name":', 'nothing', '[]', '"text"', 'null', '5', `${'['.repeat(50)}${']'.repeat(50)}`])(
    'refuses %s',
    async (body) => {
      const answer = await service.call('POST', JOBS, { token: token(), headers: json, body });
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toEqual([{ field: 'body', message: expect.stringMatching(/^The body /) }]);
    },
  );

  it('ignores attempts to reach the prototype', async () => {
    const body = '{"name":"Mine","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';
    expect((await service.call('POST', JOBS, { token: token(), headers: json, body })).status).toBe(201);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('refuses bytes that are not UTF-8 instead of replacing them', async () => {
    const response = await fetch(service.url + JOBS, {
      method: 'POST',
      headers: { ...json, Authorization: `Bearer ${token()}` },
      body: Buffer.from('{"name":"caf\xe9"}', 'latin1'),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: 'The body is not UTF-8' });
  });

  it('answers 413 above 1 MiB and 415 for other types', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(1 << 20) });
    const refused = [
      [413, { headers: json, body: large }],
      [415, { headers: { 'Content-Type': 'nonsense' }, body: 'x' }],
    ] as const;
    for (const [status, call] of refused) {
      const answer = await service.call('POST', JOBS, { token: token(), ...call });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({ status, instance: JOBS, message: answer.body.detail });
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const headers = { 'Content-Type': type };
      const answer = await service.call('POST', JOBS, { token: token(), headers, body: 'name=Mine' });
      expect(answer.status).toBe(415);
      expect(answer.body.detail).toContain(type);
    }
  });
});

describe('request ids', () => {
  it('gives every answer one, and keeps a sane one of the caller', async () => {
    const own = await service.call('GET', JOBS);
    expect(own.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    const kept = await service.call('GET', JOBS, { headers: { 'X-Request-Id': 'trace-42.a_b' } });
    expect(kept.headers.get('X-Request-Id')).toBe('trace-42.a_b');
    const replaced = await service.call('GET', '/nowhere', { headers: { 'X-Request-Id': 'x'.repeat(500) } });
    expect(replaced.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('errors', () => {
  it('are problem documents for unknown routes and unreadable paths too', async () => {
    for (const [path, status] of [
      ['/nowhere', 404],
      ['/governance/role-mining/jobs/%zz', 400],
    ] as const) {
      const answer = await service.call('GET', path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.body).toMatchObject({ type: 'about:blank', status, instance: path });
      if (status === 400) expect(answer.body.errors).toEqual([{ field: 'request', message: answer.body.detail }]);
    }
  });
});

describe('a field of the wrong type', () => {
  it.each([
    ['?limit=abc', 'limit must be an integer number, got "abc"'],
    ['?limit=5&limit=6', 'limit must be an integer number, got ["5","6"]'],
  ])('is told so, and nothing of its range: %s', async (query, detail) => {
    const { status, body } = await service.call('GET', JOBS + query, { token: service.token() });
    expect([status, body.detail]).toEqual([400, detail]);
  });

  it.each([
    [{ min_users: '3' }, 'parameters.min_users must be an integer number'],
    [{ deviation_threshold: true }, 'parameters.deviation_threshold must be a number'],
  ])('is told so in a body too: %j', async (parameters, message) => {
    const json = { name: 'Mine', parameters };
    const { status, body } = await service.call('POST', JOBS, { token: service.token(), json });
    expect([status, body.detail]).toEqual([400, expect.stringContaining(message)]);
  });
});

describe('a lock that another transaction keeps', () => {
  it('is 503 with Retry-After', async () => {
    const tenant = randomUUID();
    const token = service.token({ tenant });
    const { body } = await service.call('POST', JOBS, { token, json: { name: 'Mine' } });
    const job = `${JOBS}/${body.id as string}`;
    const answer = await service.app.get(TenantTransaction).run(tenant, async (manager) => {
      await manager.query('SELECT FROM role_mining_job WHERE id = $1 FOR UPDATE', [body.id]);
      return service.call('POST', `${job}/run`, { token });
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(answer.body.detail).toMatch(/in use by others/);
    expect((await service.call('POST', `${job}/run`, { token })).status).toBe(200);
  });
});

describe('beside the API', () => {
  it('tells without a token that it lives and is ready', async () => {
    expect((await service.call('GET', '/health/live')).body).toEqual({ status: 'ok' });
    const ready = await eventually(
      () => service.call('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
    expect(ready.body).toEqual({ status: 'ok' });
  });

  it('serves metrics without a tenant', async () => {
    const { status, body } = await service.call('GET', '/metrics');
    expect(status).toBe(200);
    expect(body.text).toContain('http_request_duration_seconds_bucket');
    expect(body.text).not.toMatch(/tenant/i);
  });
});

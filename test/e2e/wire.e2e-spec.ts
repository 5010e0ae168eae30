import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
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

  it('answers 413 above 1 MiB and 415 for other types', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(1 << 20) });
    expect((await service.call('POST', JOBS, { token: token(), headers: json, body: large })).status).toBe(413);
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
      expect(answer.body).toMatchObject({ type: 'about:blank', status, instance: path });
    }
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

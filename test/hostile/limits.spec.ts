import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type Answer, type TestService } from '../support/test-service.js';
import { requestText, sendRaw } from './raw-http.js';

const JOBS = '/governance/role-mining/jobs';

describe('request rates', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ PROCESS_ROLE: 'api', RATE_LIMIT_PER_ACTOR: '3', RATE_LIMIT_PER_TENANT: '5' });
  });
  afterAll(async () => service[Symbol.asyncDispose]());
  const get = (token: string, path = JOBS): Promise<Answer> => service.call('GET', path, { token });

  it('tells what is left of both quotas', async () => {
    const token = service.token();
    const { status, headers } = await get(token);
    expect(status).toBe(200);
    expect(headers.get('RateLimit-Policy')).toBe('"actor";q=3;w=60, "tenant";q=5;w=60');
    expect(headers.get('RateLimit')).toMatch(/^"actor";r=2;t=(60|59), "tenant";r=4;t=(60|59)$/);
    expect((await get(token)).headers.get('RateLimit')).toMatch(/^"actor";r=1;t=\d+, "tenant";r=3;t=\d+$/);
  });

  it('answers 429 to a user who asks too much, on any route, and leaves the tenant’s others alone', async () => {
    const tenant = randomUUID();
    const [busy, calm] = [service.token({ tenant }), service.token({ tenant })];
    for (let i = 0; i < 3; i += 1) expect((await get(busy)).status).toBe(200);
    for (const path of [JOBS, '/governance/access-graph/users']) {
      const { status, headers, body } = await get(busy, path);
      expect(status).toBe(429);
      expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
      expect(headers.get('RateLimit')).toMatch(/^"actor";r=0;t=\d+$/);
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(Number(headers.get('Retry-After'))).toBeLessThanOrEqual(60);
      expect(body).toMatchObject({
        status: 429,
        title: 'Too Many Requests',
        detail: expect.stringMatching(/this user/),
      });
    }
    // Five of the tenant's five: three of the busy one, two of the calm one. Refused ones do not count.
    expect([(await get(calm)).status, (await get(calm)).status]).toEqual([200, 200]);
    const third = await get(calm);
    expect([third.status, third.body.detail]).toEqual([429, expect.stringMatching(/this tenant/)]);
    expect((await get(service.token())).status).toBe(200);
  });

  it('counts what is forbidden as well', async () => {
    const auditor = service.token({ roles: ['auditor'] });
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await get(auditor)).status));
    expect(statuses.sort()).toEqual([403, 403, 403, 429]);
  });

  it('does not know the probes, the metrics and callers without a token', async () => {
    for (const path of ['/health/live', '/metrics', '/openapi.json', JOBS]) {
      for (let i = 0; i < 7; i += 1) {
        const { status, headers } = await service.call('GET', path);
        expect(status).toBe(path === JOBS ? 401 : 200);
        expect(headers.get('RateLimit')).toBeNull();
      }
    }
  });
});

describe('failed authentications', () => {
  const start = (environment: NodeJS.ProcessEnv = {}): Promise<TestService> =>
    startTestService({ PROCESS_ROLE: 'api', RATE_LIMIT_REFUSED_PER_ADDRESS: '2', ...environment });

  it('are 429 when there were too many from an address, with bad tokens, without, and with bad tickets; good tokens are not', async () => {
    await using service = await start();
    const events = `${JOBS}/${randomUUID()}/events?ticket=none`;
    const refused = [await service.call('GET', JOBS, { token: 'bad' }), await service.call('GET', events)];
    for (const { status, headers } of refused) {
      expect([status, headers.get('RateLimit-Policy')]).toEqual([401, '"address";q=2;w=60']);
    }
    for (const [path, token] of [
      [JOBS, 'bad'],
      [JOBS, null],
      [events, null],
    ] as const) {
      const { status, headers, body } = await service.call('GET', path, { token });
      expect(status).toBe(429);
      expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
      expect(headers.get('RateLimit')).toMatch(/^"address";r=0;t=\d+$/);
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(body.detail).toMatch(/^There were more than 2 failed authentications from this address/);
    }
    const { status, headers } = await service.call('GET', JOBS, { token: service.token() });
    expect([status, headers.get('RateLimit')]).toEqual([200, expect.stringMatching(/^"actor"/)]);
  });

  it.each([
    ['the connection’s, whatever is forwarded', 'false', 429],
    ['the one that a trusted proxy names', 'true', 401],
  ])('are counted by an address that is %s', async (_, TRUST_PROXY, expected) => {
    await using service = await start({ TRUST_PROXY });
    const from = async (address: string): Promise<number> => {
      const headers = { 'X-Forwarded-For': address };
      return (await service.call('GET', JOBS, { token: 'bad', headers })).status;
    };
    expect([await from('192.0.2.1'), await from('192.0.2.1')]).toEqual([401, 401]);
    expect(await from('192.0.2.2')).toBe(expected);
    expect(await from('192.0.2.1')).toBe(429);
  });
});

describe('request rates of 0', () => {
  it('are none', async () => {
    await using service = await startTestService({
      PROCESS_ROLE: 'api',
      RATE_LIMIT_PER_ACTOR: '0',
      RATE_LIMIT_PER_TENANT: '0',
    });
    const { status, headers } = await service.call('GET', JOBS, { token: service.token() });
    expect([status, headers.get('RateLimit'), headers.get('RateLimit-Policy')]).toEqual([200, null, null]);
  });
});

describe('callers that are slow', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ PROCESS_ROLE: 'api', REQUEST_TIMEOUT_MS: '400', IMPORT_TIMEOUT_MS: '2500' });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  const drops = function* (first: string, drop: string): Generator<string> {
    yield first;
    for (let i = 0; i < 1000; i += 1) yield drop;
  };
  const bearer = (): readonly [string, string] => ['Authorization', `Bearer ${service.token()}`];

  it('get 408 when their headers do not end', async () => {
    const pieces = drops('GET /health/live HTTP/1.1\r\nHost: localhost\r\n', 'X-Slow: 1\r\n');
    const answer = await sendRaw(service.url, pieces, { everyMs: 50 });
    expect(answer.statuses).toEqual([408]);
    expect(answer.isClosed).toBe(true);
    expect(answer.milliseconds).toBeLessThan(5000);
  });

  it.each([
    ['with a length', [['Content-Length', '100000']] as const, 'x'],
    ['in chunks', [['Transfer-Encoding', 'chunked']] as const, '1\r\nx\r\n'],
  ])('get 408 when their body does not end, %s', async (_, length, drop) => {
    const head = requestText(`POST ${JOBS} HTTP/1.1`, [['Content-Type', 'application/json'], bearer(), ...length]);
    const answer = await sendRaw(service.url, drops(head, drop), { everyMs: 50 });
    expect(answer.statuses).toEqual([408]);
    expect(answer.text).toContain('application/problem+json');
    expect(answer.text).toContain('The body did not arrive in time');
    expect(answer.isClosed).toBe(true);
    expect(answer.milliseconds).toBeLessThan(2000);
  });

  it('may take longer for an import, and are cut off in the end', async () => {
    const head = requestText('POST /governance/access-graph/imports?part=assignments HTTP/1.1', [
      ['Content-Type', 'text/csv'],
      bearer(),
      ['Content-Length', '100000'],
    ]);
    const answer = await sendRaw(service.url, drops(head, 'ada,read\n'), { everyMs: 50 });
    expect(answer.statuses.filter((status) => status < 400)).toEqual([]);
    expect(answer.isClosed).toBe(true);
    expect(answer.milliseconds).toBeGreaterThan(1500);
    expect(answer.milliseconds).toBeLessThan(8000);
  });

  it('hold nobody else up meanwhile', async () => {
    const slow = Array.from({ length: 50 }, () =>
      sendRaw(
        service.url,
        drops('POST /governance/role-mining/jobs HTTP/1.1\r\nHost: localhost\r\n', 'X-Slow: 1\r\n'),
        {
          everyMs: 50,
        },
      ),
    );
    const quick = await service.call('GET', JOBS, { token: service.token() });
    expect(quick.status).toBe(200);
    expect((await Promise.all(slow)).every(({ isClosed }) => isClosed)).toBe(true);
  });
});

describe('security headers', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ PROCESS_ROLE: 'api' });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  it.each([
    ['a list', JOBS, 200],
    ['a refusal', `${JOBS}?limit=0`, 400],
    ['an unknown path', '/nowhere', 404],
    ['an unreadable path', `${JOBS}/%zz`, 400],
    ['a probe', '/health/live', 200],
    ['metrics', '/metrics', 200],
  ])('are on %s', async (_, path, expected) => {
    const { status, headers } = await service.call('GET', path, { token: service.token() });
    expect(status).toBe(expected);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8,}/),
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('let Swagger UI run its own scripts, and no inline one', async () => {
    const response = await fetch(`${service.url}/docs`);
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).not.toMatch(/unsafe-(inline|eval)/);
    expect(html.match(/<script(?![^>]* src=)/g)).toBeNull();
    // One more is that of the style sheet that its script makes.
    expect(html.match(/<style>| style="/g)?.length).toBe((policy.match(/'sha256-/g)?.length ?? 0) - 1);
    expect(html).not.toMatch(/ on[a-z]+="/);
  });
});

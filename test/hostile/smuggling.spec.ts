import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';
import { requestText, sendRaw } from './raw-http.js';

const JOBS = '/governance/role-mining/jobs';
const HIDDEN = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';

let service: TestService;
let token: string;
let bearer: readonly [string, string];
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
  token = service.token();
  bearer = ['Authorization', `Bearer ${token}`];
});
afterAll(async () => service[Symbol.asyncDispose]());

const problemOf = (text: string): Record<string, unknown> =>
  JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;

describe('a message whose length can be read in two ways', () => {
  const json = ['Content-Type', 'application/json'] as const;
  it.each<[string, string]>([
    [
      'two lengths',
      requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Content-Length', '2'], ['Content-Length', '60']], `{}${HIDDEN}`),
    ],
    [
      'two lengths in one header',
      requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Content-Length', '2, 60']], `{}${HIDDEN}`),
    ],
    [
      'a length and chunks',
      requestText(
        `POST ${JOBS} HTTP/1.1`,
        [json, ['Content-Length', '4'], ['Transfer-Encoding', 'chunked']],
        `0\r\n\r\n${HIDDEN}`,
      ),
    ],
    [
      'chunks and a length',
      requestText(
        `POST ${JOBS} HTTP/1.1`,
        [json, ['Transfer-Encoding', 'chunked'], ['Content-Length', '4']],
        `0\r\n\r\n${HIDDEN}`,
      ),
    ],
    ['a negative length', requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Content-Length', '-1']], HIDDEN)],
    ['a length with a sign', requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Content-Length', '+2']], `{}${HIDDEN}`)],
    ['a hexadecimal length', requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Content-Length', '0x2']], `{}${HIDDEN}`)],
    [
      'a transfer coding of another name',
      requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Transfer-Encoding', 'xchunked']], `0\r\n\r\n${HIDDEN}`),
    ],
    [
      'chunked that is not the last coding',
      requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Transfer-Encoding', 'chunked, identity']], `0\r\n\r\n${HIDDEN}`),
    ],
    [
      'a space before the colon',
      requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Transfer-Encoding ', 'chunked']], `0\r\n\r\n${HIDDEN}`),
    ],
    [
      'a folded header',
      `POST ${JOBS} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${HIDDEN}`,
    ],
    [
      'a chunk size that is no number',
      requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Transfer-Encoding', 'chunked']], `zz\r\n${HIDDEN}`),
    ],
    [
      'a bare line feed after a chunk',
      requestText(`POST ${JOBS} HTTP/1.1`, [json, ['Transfer-Encoding', 'chunked']], `2\n{}\n0\n\n${HIDDEN}`),
    ],
    ['header lines that end in CR alone', `GET /health/live HTTP/1.1\rHost: localhost\r\r${HIDDEN}`],
  ])('never lets a hidden request through: %s', async (_, text) => {
    const { statuses, isClosed } = await sendRaw(service.url, text);
    expect(statuses.filter((status) => status === 200)).toEqual([]);
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(isClosed).toBe(true);
  });

  it('answers two honest requests on one connection', async () => {
    expect((await sendRaw(service.url, HIDDEN + HIDDEN)).statuses).toEqual([200, 200]);
  });

  it('tells what it cannot read as a problem document, and hangs up', async () => {
    const { text, isClosed } = await sendRaw(service.url, 'NONSENSE\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toMatch(/\r\nContent-Type: application\/problem\+json\r\n/);
    expect(text).toMatch(/\r\nX-Request-Id: [0-9a-f-]{36}\r\n/);
    expect(problemOf(text)).toMatchObject({
      status: 400,
      title: 'Bad Request',
      message: expect.stringContaining('HTTP/1.1'),
    });
    expect(isClosed).toBe(true);
  });
});

describe('paths', () => {
  const status = async (target: string, headers: readonly (readonly [string, string])[] = []): Promise<number[]> => {
    const answer = await sendRaw(
      service.url,
      requestText(`GET ${target} HTTP/1.1`, [['Connection', 'close'], ...headers]),
    );
    return [...answer.statuses];
  };

  it.each([
    ['an encoded slash', JOBS.replace('/jobs', '%2Fjobs')],
    ['dots', '/health/../governance/role-mining/jobs'],
    ['encoded dots', '/health/%2e%2e/governance/role-mining/jobs'],
    ['dots behind the documentation', '/docs/../openapi.json/../../package.json'],
    ['encoded dots behind the documentation', '/docs/%2e%2e%2f%2e%2e%2fpackage.json'],
    ['dots encoded twice', '/docs/%252e%252e/package.json'],
    ['a backslash', '/health\\..\\governance\\role-mining\\jobs'],
    ['two slashes', '//governance/role-mining/jobs'],
    ['a slash at the end', `${JOBS}/`],
    ['a path parameter of old', `${JOBS};admin=true`],
    ['another case', JOBS.toUpperCase()],
    ['a NUL', `${JOBS}/%00`],
    ['half an escape', `${JOBS}/%e`],
    ['an overlong encoding', '/health/%c0%ae%c0%ae/governance/role-mining/jobs'],
    ['a matrix of 4,000 escapes', `${JOBS}/${'%41'.repeat(4000)}`],
  ])('reaches no guarded route without a token by %s', async (_, path) => {
    const [seen] = await status(path);
    expect([400, 401, 403, 404, 414]).toContain(seen);
  });

  it.each([
    ['an encoded slash in an id', `${JOBS}/${randomUUID()}%2Fcandidates`],
    ['a NUL in an id', `${JOBS}/%00`],
    ['a NUL in a query', `/governance/access-graph/users?search=%00`],
    ['a path instead of an id', `${JOBS}/..%2f..%2fmetrics`],
    ['an id of 5,000 characters', `${JOBS}/${'a'.repeat(5000)}`],
  ])('refuses an administrator plainly for %s', async (_, path) => {
    const [seen] = await status(path, [bearer]);
    expect([400, 404, 414]).toContain(seen);
  });

  it('takes a full URL as its path, whatever host it names, and asks for the token there too', async () => {
    const absolute = `http://elsewhere.example${JOBS}`;
    expect(await status(absolute)).toEqual([401]);
    expect(await status(absolute, [bearer])).toEqual([200]);
    expect(await status('http://elsewhere.example/health/live')).toEqual([200]);
  });

  it('is no proxy', async () => {
    const connected = await sendRaw(
      service.url,
      'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n\r\n',
    );
    expect(connected.statuses.filter((seen) => seen < 400)).toEqual([]);
    expect(await status('ftp://elsewhere.example/x')).not.toEqual([200]);
  });

  it.each(['TRACE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND', 'X'.repeat(300)])('knows no %s', async (method) => {
    const answer = await sendRaw(
      service.url,
      requestText(`${method} ${JOBS} HTTP/1.1`, [['Connection', 'close'], bearer]),
    );
    expect([400, 404, 405]).toContain(answer.statuses[0]);
    expect(answer.text).not.toContain(token);
  });

  it('does not let a header change the method or the path', async () => {
    for (const name of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-Original-URL', 'X-Rewrite-URL']) {
      const value = name.includes('Method') ? 'DELETE' : '/health/live';
      expect(await status(JOBS, [[name, value]])).toEqual([401]);
    }
  });
});

describe('sizes', () => {
  it.each<[string, string]>([
    ['a path of 64 KiB', requestText(`GET ${JOBS}?x=${'x'.repeat(1 << 16)} HTTP/1.1`)],
    ['a header of 64 KiB', requestText(`GET ${JOBS} HTTP/1.1`, [['X-Large', 'x'.repeat(1 << 16)]])],
    [
      '10,000 headers',
      requestText(
        `GET ${JOBS} HTTP/1.1`,
        Array.from({ length: 10_000 }, (_, at) => [`X-${at}`, 'x'] as const),
      ),
    ],
  ])('answers 431 for %s, as a problem document', async (_, text) => {
    const answer = await sendRaw(service.url, text);
    expect(answer.statuses).toEqual([431]);
    expect(problemOf(answer.text)).toMatchObject({ status: 431, type: 'about:blank' });
    expect(answer.isClosed).toBe(true);
  });

  it('counts the bytes of chunks, which announce no length', async () => {
    const chunk = `10000\r\n${'x'.repeat(1 << 16)}\r\n`;
    const headers = [bearer, ['Content-Type', 'application/json'], ['Transfer-Encoding', 'chunked']] as const;
    const answer = await sendRaw(
      service.url,
      requestText(`POST ${JOBS} HTTP/1.1`, headers, `${chunk.repeat(40)}0\r\n\r\n`),
    );
    expect(answer.statuses).toEqual([413]);
  });

  it('refuses a larger announced length before a byte of it came', async () => {
    const headers = [bearer, ['Content-Type', 'application/json'], ['Content-Length', '9000000000000000']] as const;
    const answer = await sendRaw(service.url, requestText(`POST ${JOBS} HTTP/1.1`, headers));
    expect(answer.statuses).toEqual([413]);
  });
});

describe('headers', () => {
  it('refuses a second token instead of choosing one', async () => {
    const other: readonly [string, string] = ['Authorization', `Bearer ${service.token({ roles: ['auditor'] })}`];
    // Node keeps the first of two, a gateway may have looked at the last.
    const first = await sendRaw(
      service.url,
      requestText(`GET ${JOBS} HTTP/1.1`, [other, bearer, ['Connection', 'close']]),
    );
    expect(first.statuses[0]).toBe(401);
    const second = await sendRaw(
      service.url,
      requestText(`GET ${JOBS} HTTP/1.1`, [bearer, other, ['Connection', 'close']]),
    );
    expect(second.statuses[0]).toBe(401);
  });

  it('refuses two tenant headers', async () => {
    const tenant = randomUUID();
    const own = ['Authorization', `Bearer ${service.token({ tenant })}`] as const;
    const headers = [own, ['X-Tenant-ID', tenant], ['X-Tenant-ID', randomUUID()], ['Connection', 'close']] as const;
    expect((await sendRaw(service.url, requestText(`GET ${JOBS} HTTP/1.1`, headers))).statuses).toEqual([403]);
  });

  it('writes nothing of the caller into answer headers', async () => {
    const answer = await sendRaw(
      service.url,
      requestText('GET /health/live HTTP/1.1', [
        ['X-Request-Id', 'a%0d%0aSet-Cookie:x'],
        ['Connection', 'close'],
      ]),
    );
    expect(answer.statuses).toEqual([200]);
    expect(answer.text).not.toMatch(/Set-Cookie/i);
  });
});

import { createHmac, createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { type Answer, startTestService, TEST_SECRET, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';
const [tenant, user] = [randomUUID(), randomUUID()];
const GOOD = { sub: user, tid: tenant, roles: ['admin'] };
const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;

type Part = object | string;
const part = (value: Part): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token made by hand, with whatever header and payload. */
function forge(header: Part, payload: Part, sign: (content: string) => string): string {
  const content = `${part(header)}.${part(payload)}`;
  return `${content}.${sign(content)}`;
}
const hmac =
  (key: string | Buffer, algorithm = 'sha256') =>
  (content: string): string =>
    createHmac(algorithm, key).update(content).digest('base64url');
const rsa =
  (key: KeyObject) =>
  (content: string): string =>
    createSign('RSA-SHA256').update(content).sign(key, 'base64url');
const none = (): string => '';

/** What a refused token must look like, whatever was wrong with it. */
async function refusalFaults(service: TestService, token: string): Promise<string[]> {
  const { status, headers, body } = await service.call('GET', JOBS, { token });
  const faults = status === 401 ? [] : [`was answered ${status}`];
  if (headers.get('WWW-Authenticate') !== 'Bearer') faults.push('has no WWW-Authenticate');
  if (!headers.get('Content-Type')?.startsWith('application/problem+json')) faults.push('is no problem document');
  const long = token.split('.').filter((piece) => piece.length > 15);
  if (long.some((piece) => JSON.stringify(body).includes(piece))) faults.push('repeats the token');
  return faults;
}

type Corpus = Readonly<Record<string, string>>;

async function expectAllRefused(service: TestService, corpus: Corpus): Promise<void> {
  const seen: Record<string, string[]> = {};
  for (const [name, token] of Object.entries(corpus)) {
    const faults = await refusalFaults(service, token);
    if (faults.length > 0) seen[name] = faults;
  }
  expect(seen).toEqual({});
}

describe('tokens against a shared secret', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ PROCESS_ROLE: 'api' });
  });
  afterAll(async () => service[Symbol.asyncDispose]());
  const status = async (headers: Record<string, string>, path = JOBS): Promise<number> =>
    (await service.call('GET', path, { headers })).status;

  const claims = { ...GOOD, exp: inAnHour() };
  const HS256 = { alg: 'HS256', typ: 'JWT' };
  const signed = (header: Part, payload: Part = claims): string => forge(header, payload, hmac(TEST_SECRET));
  const good = signed(HS256);
  const [head, body, signature] = good.split('.');
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' });

  it('are taken when they are made by hand and right', async () => {
    expect(await status({ Authorization: `Bearer ${good}` })).toBe(200);
  });

  it('are refused when their algorithm is another, or none', async () => {
    await expectAllRefused(service, {
      ...Object.fromEntries(
        ['none', 'None', 'NONE', 'nOnE', '', 'hs256', 'HS1', 'constructor', '__proto__'].flatMap((alg) => [
          [`alg ${alg} without a signature`, forge({ alg, typ: 'JWT' }, claims, none)],
          [`alg ${alg} with a signature`, signed({ alg, typ: 'JWT' })],
        ]),
      ),
      'no alg': signed({ typ: 'JWT' }),
      'alg null': signed({ alg: null }),
      'alg as a list': signed({ alg: ['HS256'] }),
      'alg twice, none first': signed('{"alg":"none","alg":"HS384"}'),
      'HS384 by the right secret': forge({ ...HS256, alg: 'HS384' }, claims, hmac(TEST_SECRET, 'sha384')),
      'HS512 by the right secret': forge({ ...HS256, alg: 'HS512' }, claims, hmac(TEST_SECRET, 'sha512')),
      'HS256 in name, SHA-512 in truth': forge(HS256, claims, hmac(TEST_SECRET, 'sha512')),
      'RS256 by a stranger': forge({ alg: 'RS256' }, claims, rsa(stranger.privateKey)),
    });
  });

  it('are refused when they bring or name their own key', async () => {
    const by = (extra: object): string => forge({ alg: 'RS256', ...extra }, claims, rsa(stranger.privateKey));
    const byEmpty = (kid: unknown): string => forge({ ...HS256, kid }, claims, hmac(''));
    await expectAllRefused(service, {
      'a key in the header': by({ jwk: strangerJwk }),
      'a key set elsewhere': by({ jku: 'http://127.0.0.1:9/keys' }),
      'a certificate elsewhere': by({ x5u: 'http://127.0.0.1:9/cert' }),
      'a certificate in the header': by({ x5c: [Buffer.from('certificate').toString('base64')] }),
      'a symmetric key in the header': forge(
        { ...HS256, jwk: { kty: 'oct', k: Buffer.from('mine').toString('base64url') } },
        claims,
        hmac('mine'),
      ),
      'kid: a path': byEmpty('../../../../dev/null'),
      'kid: SQL': byEmpty("x' UNION SELECT '' --"),
      'kid: a command': byEmpty('|true'),
      'kid: a NUL': byEmpty('a\0b'),
      'kid: a URL': byEmpty('http://127.0.0.1:9/key'),
      'kid: an object': byEmpty({ key: '' }),
      'kid: a prototype': byEmpty('__proto__'),
      'an empty secret': forge(HS256, claims, hmac('')),
      'a well-known secret': forge(HS256, claims, hmac('secret')),
      'the secret with a newline': forge(HS256, claims, hmac(`${TEST_SECRET}\n`)),
    });
  });

  it('are refused when they were altered or are no tokens', async () => {
    const other = signed(HS256, { ...claims, sub: randomUUID() }).split('.');
    await expectAllRefused(service, {
      'a changed payload': [head, part({ ...claims, roles: ['super_admin'] }), signature].join('.'),
      'a changed header': [part({ ...HS256, kid: 'x' }), body, signature].join('.'),
      'the signature of another token': [head, body, other[2]].join('.'),
      'half a signature': [head, body, signature.slice(0, 20)].join('.'),
      'no signature': `${head}.${body}.`,
      'two parts': `${head}.${body}`,
      'four parts': `${good}.x`,
      'five parts, as an encrypted one': `${good}.x.y`,
      'a dot': '.',
      'two dots': '..',
      'a header that is no JSON': forge('{"alg":', claims, hmac(TEST_SECRET)),
      'a header that is a list': signed('["HS256"]'),
      'a payload that is no JSON': signed(HS256, '{"sub":'),
      'a payload that is a list': signed(HS256, '[1]'),
      'a payload that is text': signed(HS256, '"admin"'),
      'a payload that is null': signed(HS256, 'null'),
      'an empty payload': signed(HS256, ''),
      'a payload that nests 5,000 deep': signed(HS256, `${'['.repeat(5000)}${']'.repeat(5000)}`),
      '15 KiB of nothing': 'A'.repeat(15_000),
      '15 KiB of dots': '.'.repeat(15_000),
      'characters outside of base64url': `${head}.${body}.$$$`,
    });
  });

  it('are refused when their claims have wrong types', async () => {
    const withClaims = (changed: object): string => signed(HS256, { ...claims, ...changed });
    await expectAllRefused(service, {
      'exp as text': withClaims({ exp: String(inAnHour()) }),
      'exp null': withClaims({ exp: null }),
      'exp true': withClaims({ exp: true }),
      'exp as a list': withClaims({ exp: [inAnHour()] }),
      'exp 0': withClaims({ exp: 0 }),
      'exp negative': withClaims({ exp: -1 }),
      'exp as a date': withClaims({ exp: new Date(Date.now() + 3_600_000).toISOString() }),
      'exp that is not a number': signed(HS256, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":-1e999')),
      'nbf as text': withClaims({ nbf: '0' }),
      'nbf in milliseconds': withClaims({ nbf: Date.now() }),
      'nbf in an hour': withClaims({ nbf: inAnHour() }),
      'sub null': withClaims({ sub: null }),
      'sub a number': withClaims({ sub: 1 }),
      'sub a list': withClaims({ sub: [user] }),
      'sub an object': withClaims({ sub: { id: user } }),
      'sub empty': withClaims({ sub: '' }),
      'sub with a space': withClaims({ sub: ` ${user}` }),
      'sub with a newline': withClaims({ sub: `${user}\n` }),
      'tid null': withClaims({ tid: null }),
      'tid a list': withClaims({ tid: [tenant] }),
      'tid of two': withClaims({ tid: `${tenant},${randomUUID()}` }),
      'tid an object': withClaims({ tid: { toString: tenant } }),
      'tid with SQL': withClaims({ tid: `${tenant}'; RESET app.current_tenant; --` }),
      'tid empty': withClaims({ tid: '' }),
      'tid a wildcard': withClaims({ tid: '*' }),
      'tenant_id null beside tid': withClaims({ tenant_id: null }),
    });
  });

  it('make no administrator of what only looks like one', async () => {
    const roles = [
      'admin',
      { 0: 'admin', length: 1 },
      [['admin']],
      ['ADMIN'],
      ['admin '],
      ['admin,x'],
      [{ name: 'admin' }],
      [],
      null,
      true,
    ];
    const statuses = await Promise.all(
      roles.map((value) => status({ Authorization: `Bearer ${signed(HS256, { ...claims, roles: value })}` })),
    );
    expect(statuses).toEqual(roles.map(() => 403));
    const prototype = `{"sub":"${user}","tid":"${tenant}","exp":${inAnHour()},"__proto__":{"roles":["admin"]}}`;
    expect(await status({ Authorization: `Bearer ${signed(HS256, prototype)}` })).toBe(403);
  });

  it('are taken from the Authorization header only, as Bearer', async () => {
    const elsewhere: [Record<string, string>, string][] = [
      [{}, `${JOBS}?access_token=${good}`],
      [{}, `${JOBS}?token=${good}`],
      [{ Cookie: `access_token=${good}; Authorization=Bearer ${good}` }, JOBS],
      [{ 'X-Access-Token': good }, JOBS],
      [{ 'Proxy-Authorization': `Bearer ${good}` }, JOBS],
      [{ 'X-Forwarded-User': user, 'X-Forwarded-Roles': 'admin', 'X-Tenant-ID': tenant }, JOBS],
      [{ Authorization: good }, JOBS],
      [{ Authorization: `Basic ${good}` }, JOBS],
      [{ Authorization: `Bearer` }, JOBS],
      [{ Authorization: `Bearer Bearer ${good}` }, JOBS],
      [{ Authorization: `Bearer ${good},Bearer ${good}` }, JOBS],
      [{ Authorization: `Bearer "${good}"` }, JOBS],
    ];
    const statuses = await Promise.all(elsewhere.map(([headers, path]) => status(headers, path)));
    expect(statuses).toEqual(elsewhere.map(() => 401));
  });

  it('may be long, and get 431 when they are too long', async () => {
    const of = (count: number): string =>
      signed(HS256, { ...claims, groups: Array.from({ length: count }, () => randomUUID()) });
    expect(await status({ Authorization: `Bearer ${of(200)}` })).toBe(200);
    expect(await status({ Authorization: `Bearer ${of(400)}` })).toBe(431);
  });
});

describe.each(['rsa', 'ec'] as const)('tokens against a public %s key', (kind) => {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const algorithm = kind === 'rsa' ? 'RS256' : 'ES256';
  const claims = { ...GOOD, aud: 'role-mining', exp: inAnHour() };
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({
      PROCESS_ROLE: 'api',
      JWT_SECRET: undefined,
      JWT_PUBLIC_KEY: pem,
      JWT_AUDIENCE: 'role-mining',
    });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  it('are taken when it signed them', async () => {
    const token = jwt.sign(claims, pair.privateKey, { algorithm });
    expect((await service.call('GET', JOBS, { token })).status).toBe(200);
  });

  it('are refused when the key itself was used as a secret, in any of its forms', async () => {
    const der = pair.publicKey.export({ type: 'spki', format: 'der' });
    const jwk = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));
    const forms = {
      pem,
      trimmed: pem.trim(),
      windows: pem.replaceAll('\n', '\r\n'),
      der,
      base64: der.toString('base64'),
      jwk,
    };
    const forged = Object.entries(forms).flatMap(([name, key]) =>
      (['HS256', 'HS384', 'HS512'] as const).map((alg) => [
        `${name} with ${alg}`,
        forge({ alg, typ: 'JWT' }, claims, hmac(key, `sha${alg.slice(2)}`)),
      ]),
    );
    await expectAllRefused(service, Object.fromEntries(forged) as Corpus);
  });

  it('are refused with another algorithm of the right key, without one, and for others', async () => {
    const key = pair.privateKey;
    const signed = (changed: object, options: jwt.SignOptions = { algorithm }): string =>
      jwt.sign({ ...claims, ...changed }, key, options);
    const others: Record<string, string> =
      kind === 'rsa'
        ? {
            RS384: signed({}, { algorithm: 'RS384' }),
            RS512: signed({}, { algorithm: 'RS512' }),
            PS256: signed({}, { algorithm: 'PS256' }),
          }
        : {
            'an empty signature': forge({ alg: 'ES256' }, claims, none),
            // CVE-2022-21449: zeros satisfied a verifier that did not look at its range.
            'a signature of zeros': forge({ alg: 'ES256' }, claims, () => Buffer.alloc(64).toString('base64url')),
            'a signature in DER': forge({ alg: 'ES256' }, claims, (content) =>
              createSign('SHA256').update(content).sign(key, 'base64url'),
            ),
          };
    await expectAllRefused(service, {
      ...others,
      none: forge({ alg: 'none' }, claims, none),
      'no audience': signed({ aud: undefined }),
      'another audience': signed({ aud: 'role-mining-admin' }),
      'an audience that begins the same': signed({ aud: 'role-mining ' }),
      'a list of other audiences': signed({ aud: ['a', 'b'] }),
    });
  });
});

describe('tokens against the keys of an identity provider', () => {
  const known = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let fetches = 0;
  let provider: Server;
  let service: TestService;
  beforeAll(async () => {
    const jwk = { ...known.publicKey.export({ format: 'jwk' }), kid: 'known', use: 'sig', alg: 'RS256' };
    const encryption = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'encryption', use: 'enc' };
    const secret = {
      kty: 'oct',
      kid: 'secret',
      k: Buffer.from('a secret that was published by mistake').toString('base64url'),
    };
    provider = createServer((_, response) => {
      fetches += 1;
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [jwk, encryption, secret] }));
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    service = await startTestService({
      PROCESS_ROLE: 'api',
      JWT_SECRET: undefined,
      JWT_JWKS_URI: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`,
      JWT_AUDIENCE: 'role-mining',
    });
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    provider.closeAllConnections();
    provider.close();
  });

  const claims = { ...GOOD, aud: 'role-mining', exp: inAnHour() };
  const by = ({ privateKey }: typeof known, header: object): string =>
    forge({ alg: 'RS256', typ: 'JWT', ...header }, claims, rsa(privateKey));
  const get = (token: string): Promise<Answer> => service.call('GET', JOBS, { token });

  it('are taken by a published key', async () => {
    expect((await get(by(known, { kid: 'known' }))).status).toBe(200);
  });

  it('are refused when a stranger signed them, whatever their header points to', async () => {
    const address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/other`;
    const before = fetches;
    await expectAllRefused(service, {
      'the kid of a published key': by(stranger, { kid: 'known' }),
      'a key set of its own': by(stranger, { kid: 'known', jku: address }),
      'a key of its own': by(stranger, { kid: 'known', jwk: stranger.publicKey.export({ format: 'jwk' }) }),
      'the published key as a secret': forge(
        { alg: 'HS256', kid: 'known' },
        claims,
        hmac(known.publicKey.export({ type: 'spki', format: 'pem' })),
      ),
      none: forge({ alg: 'none', kid: 'known' }, claims, none),
    });
    expect(fetches).toBe(before);
  });

  it('are refused for keys that are there for something else', async () => {
    await expectAllRefused(service, {
      'a key for encryption': by(stranger, { kid: 'encryption' }),
      'a published secret': forge(
        { alg: 'HS256', kid: 'secret' },
        claims,
        hmac('a secret that was published by mistake'),
      ),
    });
  });

  it('cannot make the service ask the provider without end, nor keep good ones out', async () => {
    const before = fetches;
    const strange = ['../known', '', '__proto__', 'known\0', 'x'.repeat(5000), ['known'], { kid: 'known' }, 5, null];
    const kids = [...strange, ...Array.from({ length: 40 }, () => randomUUID())];
    const statuses = await Promise.all(kids.map(async (kid) => (await get(by(stranger, { kid }))).status));
    // 503 says that the key cannot be looked up now.
    expect(statuses.filter((status) => status !== 401 && status !== 503)).toEqual([]);
    expect(fetches - before).toBeLessThanOrEqual(10);
    expect((await get(by(known, { kid: 'known' }))).status).toBe(200);
  });
});

import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { startTestService, TEST_SECRET, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';
const [tenant, user] = [randomUUID(), randomUUID()];
const GOOD = { sub: user, tid: tenant, roles: ['admin'] };

const sign = (claims: object, options: jwt.SignOptions = { expiresIn: '1h' }, secret = TEST_SECRET): string =>
  jwt.sign(claims, secret, options);

function unsigned(header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.`;
}

describe('with a shared secret', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ PROCESS_ROLE: 'api' });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  const status = async (token: string | null, headers?: Record<string, string>): Promise<number> =>
    (await service.call('GET', JOBS, { token, headers })).status;

  const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;

  it.each<[string, () => string | null]>([
    ['no token', () => null],
    ['something that is no token', () => 'x.y.z'],
    ['another secret', () => sign(GOOD, { expiresIn: '1h' }, 'another secret that is long enough as well')],
    ['an expired token', () => sign(GOOD, { expiresIn: -60 })],
    ['a token that never expires', () => sign(GOOD, {})],
    ['a token that is not valid yet', () => sign(GOOD, { expiresIn: '1h', notBefore: 60 })],
    ['alg none', () => unsigned({ alg: 'none', typ: 'JWT' }, { ...GOOD, exp: inAnHour() })],
    ['another algorithm than HS256', () => sign(GOOD, { expiresIn: '1h', algorithm: 'HS512' })],
    ['a missing tenant', () => sign({ ...GOOD, tid: undefined })],
    ['a tenant that is no UUID', () => sign({ ...GOOD, tid: 'acme' })],
    ['a tenant that is a number', () => sign({ ...GOOD, tid: 5 })],
    ['two different tenants', () => sign({ ...GOOD, tenant_id: randomUUID() })],
    ['a missing subject', () => sign({ ...GOOD, sub: undefined })],
    ['a subject that is no UUID', () => sign({ ...GOOD, sub: 'anna' })],
  ])('answers 401 for %s', async (_, token) => {
    const { status, headers, body } = await service.call('GET', JOBS, { token: token() });
    expect(status).toBe(401);
    expect(headers.get('WWW-Authenticate')).toBe('Bearer');
    expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status: 401, title: 'Unauthorized' });
  });

  it.each<[string, object]>([
    ['no roles', { ...GOOD, roles: undefined }],
    ['other roles', { ...GOOD, roles: ['auditor'] }],
    ['roles that are no list', { ...GOOD, roles: 'admin' }],
  ])('answers 403 for %s', async (_, claims) => {
    expect(await status(sign(claims))).toBe(403);
  });

  it.each<[string, object]>([
    ['an administrator', GOOD],
    ['a super administrator', { ...GOOD, roles: ['super_admin'] }],
    ['the tenant under its other name', { ...GOOD, tid: undefined, tenant_id: tenant }],
    ['the tenant under both names', { ...GOOD, tenant_id: tenant.toUpperCase() }],
  ])('lets %s in', async (_, claims) => {
    expect(await status(sign(claims))).toBe(200);
  });

  it('forgives a clock that is half a minute off', async () => {
    expect(await status(sign(GOOD, { expiresIn: -20 }))).toBe(200);
    expect(await status(sign(GOOD, { expiresIn: '1h', notBefore: 20 }))).toBe(200);
  });

  it('answers 403 for the tenant header of another tenant, and takes the token’s own', async () => {
    expect(await status(sign(GOOD), { 'X-Tenant-ID': randomUUID() })).toBe(403);
    expect(await status(sign(GOOD), { 'X-Tenant-ID': 'acme' })).toBe(403);
    expect(await status(sign(GOOD), { 'X-Tenant-ID': tenant.toUpperCase() })).toBe(200);
  });

  it('checks the caller before id, body and existence', async () => {
    const broken = { body: '{"name":', headers: { 'Content-Type': 'application/json' } };
    expect((await service.call('POST', JOBS, broken)).status).toBe(401);
    expect((await service.call('POST', JOBS, { ...broken, token: sign({ ...GOOD, roles: [] }) })).status).toBe(403);
    expect((await service.call('POST', JOBS, { ...broken, token: sign(GOOD) })).status).toBe(400);
    expect((await service.call('GET', `${JOBS}/5`)).status).toBe(401);
    expect((await service.call('GET', `${JOBS}/5`, { token: sign(GOOD) })).status).toBe(400);
    const list = await service.call('GET', `${JOBS}/${randomUUID()}/candidates?limit=0`, { token: sign(GOOD) });
    expect(list.status).toBe(400);
  });
});

describe('with a public key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({
      PROCESS_ROLE: 'api',
      JWT_SECRET: undefined,
      JWT_PUBLIC_KEY: pem,
      JWT_AUDIENCE: 'role-mining',
      JWT_ISSUER: 'https://idp.example',
      TENANT_CLAIM: 'org.tenant',
      ROLES_CLAIM: 'realm_access.roles',
    });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  const claims = {
    sub: user,
    org: { tenant },
    realm_access: { roles: ['admin'] },
    aud: 'role-mining',
    iss: 'https://idp.example',
  };
  const status = async (token: string): Promise<number> => (await service.call('GET', JOBS, { token })).status;
  const signed = (payload: object): string => jwt.sign(payload, privateKey, { algorithm: 'RS256', expiresIn: '1h' });

  it('takes a token of the key, with tenant and roles where they were said to be', async () => {
    expect(await status(signed(claims))).toBe(200);
    expect(await status(signed({ ...claims, realm_access: { roles: [] }, roles: ['admin'] }))).toBe(403);
    expect(await status(signed({ ...claims, org: {} }))).toBe(401);
  });

  it('refuses another audience, another issuer, and none', async () => {
    expect(await status(signed({ ...claims, aud: 'other' }))).toBe(401);
    expect(await status(signed({ ...claims, iss: 'https://other.example' }))).toBe(401);
    expect(await status(signed({ ...claims, aud: undefined }))).toBe(401);
  });

  it('refuses a token that was signed with the public key as if it were a secret', async () => {
    const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
    const payload = Buffer.from(JSON.stringify({ ...claims, exp: Date.now() })).toString('base64url');
    const signature = createHmac('sha256', pem).update(`${header}.${payload}`).digest('base64url');
    expect(await status(`${header}.${payload}.${signature}`)).toBe(401);
  });

  it('refuses a token of another key', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await status(jwt.sign(claims, other, { algorithm: 'RS256', expiresIn: '1h' }))).toBe(401);
  });
});

describe('with the keys of an identity provider', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'known', use: 'sig', alg: 'RS256' };
  let isUp = false;
  let provider: Server;
  let service: TestService;
  beforeAll(async () => {
    provider = createServer((_, response) => {
      response.writeHead(isUp ? 200 : 500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ keys: [jwk] }));
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

  const call = (keyid: string): ReturnType<TestService['call']> => {
    const options = { algorithm: 'RS256', expiresIn: '1h', audience: 'role-mining', keyid } as const;
    return service.call('GET', JOBS, { token: jwt.sign(GOOD, privateKey, options) });
  };

  it('answers 503 while they cannot be fetched, which says nothing against a token', async () => {
    const { status, headers } = await call('known');
    expect([status, headers.get('Retry-After')]).toEqual([503, '2']);
  });

  it('takes a token of a published key, and no other', async () => {
    isUp = true;
    expect((await call('known')).status).toBe(200);
    expect((await call('unknown')).status).toBe(401);
  });
});

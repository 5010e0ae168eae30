import { createSecretKey, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import jwt from 'jsonwebtoken';
import type { Config, JwtConfig } from '../config/config.js';
import { DomainError } from '../common/errors/domain.error.js';
import { JwtGuard } from './jwt.guard.js';
import { RequestRates } from './request-rates.js';
import { JwtStrategy } from './jwt.strategy.js';
import { TokenKeyProvider } from './token-key.provider.js';

const USER = 'abcdef00-0000-4000-8000-000000000001';
const TENANT = 'abcdef00-0000-4000-8000-000000000002';
const SECRET = createSecretKey(randomBytes(32));
const now = Math.floor(Date.now() / 1000);
const CLAIMS = { sub: USER, tid: TENANT, roles: ['admin'], exp: now + 3600 };

const UNLIMITED = new RequestRates({ rates: { perActor: 0, perTenant: 0, refusedPerAddress: 0 } } as Config);

/** Makes the strategy that guards ask from here on. */
function trust(
  expected: Partial<JwtConfig>,
  findKey: TokenKeyProvider['findKey'] = () => Promise.resolve(SECRET),
): JwtStrategy {
  const config = { jwt: { issuer: null, audience: null, tenantClaim: 'tid', rolesClaim: 'roles', ...expected } };
  return new JwtStrategy(config as unknown as Config, { algorithms: ['HS256'], findKey });
}

const tokenOf = (claims: object, options: jwt.SignOptions = {}): string => jwt.sign(claims, SECRET, options);

/** The caller whom the guard lets in, or the refusal. */
async function callerWith(authorization: string | undefined, rawHeaders: string[] = []): Promise<unknown> {
  const request = { headers: { authorization }, raw: { rawHeaders }, user: undefined, ip: '192.0.2.1' };
  try {
    expect(await new JwtGuard(UNLIMITED).canActivate(new ExecutionContextHost([request, {}]))).toBe(true);
    return request.user;
  } catch (refusal) {
    const { code, message } = refusal as { code: string; message: string };
    return `${code}: ${message}`;
  }
}

describe('JwtGuard', () => {
  beforeAll(() => void trust({}));
  const ACTOR = { userId: USER, tenantId: TENANT, roles: ['admin'], expiresAt: now + 3600 };

  it('lets a good token in and says whose it is', async () => {
    expect(await callerWith(`Bearer ${tokenOf(CLAIMS)}`)).toEqual(ACTOR);
  });

  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['no token', 'Bearer'],
  ])('asks for a token when there is %s', async (_, authorization) => {
    expect(await callerWith(authorization)).toBe('unauthenticated: A bearer token is needed');
  });

  it.each<[string, string, string]>([
    ['has expired', tokenOf({ ...CLAIMS, exp: now - 60 }), 'The token has expired'],
    ['is not valid yet', tokenOf({ ...CLAIMS, nbf: now + 60 }), 'The token is not valid yet'],
    ['is no token', 'abc', 'The token is not valid'],
    ['is signed by somebody else', jwt.sign(CLAIMS, 'x'.repeat(32)), 'The token is not valid'],
    ['is signed by another algorithm', tokenOf(CLAIMS, { algorithm: 'HS512' }), 'The token is not valid'],
    ['has no tenant', tokenOf({ ...CLAIMS, tid: undefined }), 'The token has no tenant (claim tid)'],
    ['says nothing', jwt.sign('null', SECRET, { header: { alg: 'HS256', typ: 'JWT' } }), 'The token is not valid'],
  ])('refuses a token that %s', async (_, token, reason) => {
    expect(await callerWith(`Bearer ${token}`)).toBe(`unauthenticated: ${reason}`);
  });

  it('forgives clocks that are up to 30 s wrong', async () => {
    expect(await callerWith(`Bearer ${tokenOf({ ...CLAIMS, exp: now - 10 })}`)).toMatchObject({ userId: USER });
    expect(await callerWith(`Bearer ${tokenOf({ ...CLAIMS, nbf: now + 20 })}`)).toMatchObject({ userId: USER });
  });

  it('refuses several Authorization headers, however they are written, and takes no value for a name', async () => {
    const good = `Bearer ${tokenOf(CLAIMS)}`;
    expect(await callerWith(good, ['Authorization', good])).toEqual(ACTOR);
    expect(await callerWith(good, ['Authorization', good, 'X-Note', 'authorization'])).toEqual(ACTOR);
    expect(await callerWith(good, ['authorization', good, 'Host', 'x', 'AUTHORIZATION', good])).toBe(
      'unauthenticated: There is more than one Authorization header',
    );
  });

  it('takes no reason for one that is no error', () => {
    const handle = (error: unknown, info: unknown): unknown =>
      new JwtGuard(UNLIMITED).handleRequest(error, false, info);
    expect(() => handle(null, 'text')).toThrow('A bearer token is needed');
    expect(() => handle(null, new Error('No auth token'))).toThrow('A bearer token is needed');
    expect(() => handle(new Error('internal'), new Error('No auth token'))).toThrow('The token is not valid');
  });
});

describe('JwtStrategy', () => {
  it('wants the configured issuer and audience, and without any takes whatever a token says', async () => {
    const named = tokenOf(CLAIMS, { issuer: 'https://idp.example', audience: 'mining' });
    trust({});
    expect(await callerWith(`Bearer ${named}`)).toMatchObject({ userId: USER });
    trust({ issuer: 'https://idp.example', audience: 'mining' });
    expect(await callerWith(`Bearer ${named}`)).toMatchObject({ userId: USER });
    for (const other of [{ issuer: 'https://other.example' }, { audience: 'other' }]) {
      trust(other);
      expect(await callerWith(`Bearer ${named}`)).toBe('unauthenticated: The token is not valid');
      expect(await callerWith(`Bearer ${tokenOf(CLAIMS)}`)).toBe('unauthenticated: The token is not valid');
    }
  });

  it('reads tenant and roles where the configuration says', async () => {
    trust({ tenantClaim: 'org.id', rolesClaim: 'org.roles' });
    const token = tokenOf({ sub: USER, exp: now + 60, org: { id: TENANT, roles: ['auditor'] } });
    expect(await callerWith(`Bearer ${token}`)).toMatchObject({ tenantId: TENANT, roles: ['auditor'] });
  });

  it('tells an unreachable key from a bad token', async () => {
    trust({}, () => Promise.reject(new DomainError('unavailable', 'no keys')));
    expect(await callerWith(`Bearer ${tokenOf(CLAIMS)}`)).toBe('unavailable: no keys');
  });
});

import { createPublicKey, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import jwt from 'jsonwebtoken';
import type { JwtConfig } from '../config/config.js';
import { signDevelopmentToken } from './development-token.js';
import { registerToken } from './token.command.js';

const SECRET = 'a shared secret of well over 32 bytes';
const TENANT = '7F0B6C1E-58A4-4A5E-9A52-0B8F6C2D1E3A';

async function run(...args: string[]): Promise<jwt.JwtPayload> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerToken(program);
  program.commands.forEach((command) => command.exitOverride().configureOutput({ writeErr: () => undefined }));
  await program.parseAsync(['token', ...args], { from: 'user' });
  return jwt.verify(log.mock.calls[0][0] as string, SECRET, { algorithms: ['HS256'] }) as jwt.JwtPayload;
}

describe('role-mining token', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
    jest.restoreAllMocks();
  });

  it('prints an hour’s token of an admin by default', async () => {
    process.env['JWT_SECRET'] = SECRET;
    const claims = await run();
    expect(claims).toMatchObject({ roles: ['admin'], tid: expect.any(String), sub: expect.any(String) });
    expect(claims.exp! - claims.iat!).toBe(3_600);
  });

  it('says what it was told', async () => {
    process.env['JWT_SECRET'] = SECRET;
    process.env['JWT_ISSUER'] = 'https://idp.example.com';
    process.env['JWT_AUDIENCE'] = 'role-mining';
    process.env['TENANT_CLAIM'] = 'organisation.id';
    const claims = await run('--tenant', TENANT, '--roles', 'viewer, auditor', '--ttl', '2d');
    expect(claims).toMatchObject({
      'organisation.id': TENANT.toLowerCase(),
      roles: ['viewer', 'auditor'],
      iss: 'https://idp.example.com',
      aud: 'role-mining',
    });
    expect(claims.exp! - claims.iat!).toBe(2 * 86_400);
  });

  it.each([
    ['--tenant', 'acme', 'Expected a UUID.'],
    ['--ttl', '0h', 'Expected a duration such as 30m, 1h or 7d.'],
    ['--ttl', 'soon', 'Expected a duration such as 30m, 1h or 7d.'],
  ])('refuses %s %s', async (option, value, message) => {
    process.env['JWT_SECRET'] = SECRET;
    await expect(run(option, value)).rejects.toThrow(message);
  });
});

describe('signDevelopmentToken', () => {
  const config: JwtConfig = {
    key: { kind: 'secret', key: createSecretKey(SECRET, 'utf8') },
    issuer: null,
    audience: null,
    adminRoles: ['admin'],
    tenantClaim: 'tid',
    rolesClaim: 'roles',
  };
  const token = { tenantId: TENANT, userId: TENANT, roles: [], ttlSeconds: 60 };

  it('cannot sign for somebody else’s key', () => {
    const key = createPublicKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const foreign: JwtConfig = { ...config, key: { kind: 'public-key', key, algorithm: 'ES256' } };
    expect(() => signDevelopmentToken(foreign, token)).toThrow(/^JWT_SECRET: not set, expected a shared secret/);
    expect(signDevelopmentToken(config, token).split('.')).toHaveLength(3);
  });
});

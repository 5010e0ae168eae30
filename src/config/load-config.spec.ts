import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration.error.js';
import { loadConfig, loadDatabaseConfig } from './load-config.js';
import { secretFilesOnDisk, type SecretFiles } from './secret-files.js';

const SECRET = 'a shared secret of well over 32 bytes';
const DATABASE_URL = 'postgresql://role_mining_app:hidden-password@db.example.com:5432/governance';
const publicPem = (pair: { publicKey: KeyObject }) => pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaPublic = publicPem(rsa);
const rsaPrivate = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const shortRsaPublic = publicPem(generateKeyPairSync('rsa', { modulusLength: 1024 }));
const ecPublic = publicPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));

const files: SecretFiles = {
  read: (path) => {
    if (path === '/run/secrets/jwt') return `${SECRET}\n`;
    if (path === '/run/secrets/empty') return '\n';
    throw new Error('no such file');
  },
  developmentSecret: () => SECRET,
};

const load = (env: NodeJS.ProcessEnv) => loadConfig(env, files);

describe('loadConfig', () => {
  it('starts from an empty environment with the embedded database and its documented defaults', () => {
    const config = load({});
    expect(config).toMatchObject({
      processRole: 'all',
      http: {
        host: '127.0.0.1',
        port: 3000,
        trustProxy: false,
        publicBasePath: '',
        corsOrigins: [],
        requestTimeoutMs: 30_000,
      },
      database: { url: null, ownerUrl: null, poolSize: 10, connectTimeoutMs: 5000 },
      jwt: { adminRoles: ['admin', 'super_admin'], tenantClaim: 'tid', rolesClaim: 'roles', issuer: null },
      rates: { perTenant: 30_000, perActor: 6_000, refusedPerAddress: 600 },
      worker: { concurrency: 1 },
      logLevel: 'info',
    });
    expect(config.jwt.key.kind).toBe('secret');
    expect(config.database.dataDirectory).toBe(join(process.cwd(), '.data'));
  });

  it('reads how roles are mined', () => {
    expect(load({}).worker).toMatchObject({ hierarchy: false, roleWeight: 1 });
    expect(load({ MINING_HIERARCHY: 'true', MINING_ROLE_WEIGHT: '2.5' }).worker).toMatchObject({
      hierarchy: true,
      roleWeight: 2.5,
    });
  });

  it('takes a variable set to nothing as unset', () => {
    expect(load({ PORT: '', DATABASE_URL: '' }).http.port).toBe(3000);
  });

  it.each([
    ['PORT', 'abc', 'PORT: read "abc", expected an integer from 0 to 65535'],
    ['PORT', '65536', 'PORT: read "65536", expected an integer from 0 to 65535'],
    ['PORT', '1e3', 'PORT: read "1e3", expected an integer from 0 to 65535'],
    ['HOST', 'two words', 'HOST: read "two words", expected an IP address or a host name'],
    ['PROCESS_ROLE', 'both', 'PROCESS_ROLE: read "both", expected one of all, api, worker'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL: read "loud", expected one of trace, debug, info, warn, error, fatal, silent'],
    ['ADMIN_ROLES', ' , ', 'ADMIN_ROLES: read " , ", expected at least one name, separated by commas'],
    ['PUBLIC_BASE_PATH', 'api', 'PUBLIC_BASE_PATH: read "api", expected a path such as /governance'],
    ['WORKER_CONCURRENCY', '0', 'WORKER_CONCURRENCY: read "0", expected an integer from 1 to 64'],
    ['WEBHOOK_ALLOW_PRIVATE_ADDRESSES', 'yes', 'WEBHOOK_ALLOW_PRIVATE_ADDRESSES: read "yes", expected true or false'],
    ['EVENTS_MAX_STREAMS', '0', 'EVENTS_MAX_STREAMS: read "0", expected an integer from 1 to 100000'],
    ['MINING_HIERARCHY', 'yes', 'MINING_HIERARCHY: read "yes", expected true or false'],
    ['MINING_ROLE_WEIGHT', '-2', 'MINING_ROLE_WEIGHT: read "-2", expected a number from 0 to 1000000'],
    ['DATABASE_POOL_SIZE', '-1', 'DATABASE_POOL_SIZE: read "-1", expected an integer from 1 to 1000'],
  ])('refuses %s=%s in one line that says what is expected', (name, value, message) => {
    expect(() => load({ [name]: value })).toThrow(new ConfigurationError(name, message.slice(name.length + 2)));
  });

  it.each([
    ['TRUST_PROXY', 'somebody'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['CORS_ORIGINS', 'portal.example.com'],
    ['CORS_ORIGINS', 'https://portal.example.com/path'],
    ['JWT_JWKS_URI', 'http://idp.example.com/keys'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(new RegExp(`^${name}: read ".*", expected `));
  });

  it.each([
    ['true', true],
    ['2', 2],
    ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ])('understands TRUST_PROXY=%s', (value, expected) => {
    expect(load({ TRUST_PROXY: value }).http.trustProxy).toEqual(expected);
  });

  it('never shows what a secret was', () => {
    const secrets = { JWT_SECRET: 'too short', DATABASE_URL: 'mysql://app:hidden@db/x', DATABASE_OWNER_URL: 'hidden' };
    for (const [name, value] of Object.entries(secrets)) {
      expect(() => load({ [name]: value })).toThrow(new RegExp(`^${name}: read a value that is not shown, expected`));
      expect(() => load({ [name]: value })).not.toThrow(new RegExp(value));
    }
  });

  it('demands a worker’s connections', () => {
    const env = { WORKER_CONCURRENCY: '5', DATABASE_POOL_SIZE: '11' };
    expect(() => load(env)).toThrow('DATABASE_POOL_SIZE: read 11, expected at least 12 (2 × WORKER_CONCURRENCY + 2)');
    expect(load({ ...env, PROCESS_ROLE: 'api' }).database.poolSize).toBe(11);
  });

  it('refuses less time for an import than for any request', () => {
    expect(() => load({ IMPORT_TIMEOUT_MS: '1000' })).toThrow(
      /^IMPORT_TIMEOUT_MS: read 1000, expected at least REQUEST_TIMEOUT_MS \(30000\)/,
    );
  });

  it('refuses a lock time-out that can never strike', () => {
    const env = { DATABASE_LOCK_TIMEOUT_MS: '5000', DATABASE_STATEMENT_TIMEOUT_MS: '5000' };
    expect(() => load(env)).toThrow(/^DATABASE_LOCK_TIMEOUT_MS: read 5000, expected less than/);
  });
});

describe('secrets from files', () => {
  const external = { DATABASE_URL };

  it('reads X_FILE without the newline at its end', () => {
    const { key } = load({ ...external, JWT_SECRET_FILE: '/run/secrets/jwt' }).jwt;
    expect(key.kind === 'secret' && key.key.export().toString()).toBe(SECRET);
  });

  it.each([
    [{ JWT_SECRET_FILE: '/nowhere' }, 'JWT_SECRET_FILE: read "/nowhere", expected a readable file (no such file)'],
    [{ JWT_SECRET_FILE: '/run/secrets/empty' }, 'JWT_SECRET_FILE: "/run/secrets/empty" is empty, expected JWT_SECRET'],
    [
      { JWT_SECRET_FILE: '/run/secrets/jwt', JWT_SECRET: SECRET },
      'JWT_SECRET: JWT_SECRET_FILE is set as well, expected one of the two',
    ],
  ])('refuses %j', (env, message) => {
    expect(() => load({ ...external, ...env })).toThrow(message);
  });
});

describe('the key that verifies tokens', () => {
  const audience = { DATABASE_URL, JWT_AUDIENCE: 'role-mining' };

  it('is required with a database of one’s own', () => {
    expect(() => load({ DATABASE_URL })).toThrow(
      'JWT_SECRET: not set, expected exactly one of JWT_SECRET, JWT_PUBLIC_KEY, JWT_JWKS_URI along with DATABASE_URL',
    );
  });

  it('is exactly one', () => {
    const env = { ...audience, JWT_SECRET: SECRET, JWT_JWKS_URI: 'https://idp.example.com/keys' };
    expect(() => load(env)).toThrow('JWT_SECRET, JWT_JWKS_URI: all set, expected exactly one of');
  });

  it.each([
    [rsaPublic, 'RS256'],
    [ecPublic, 'ES256'],
    [rsaPublic.replaceAll('\n', '\\n'), 'RS256'],
  ])('takes a public key and knows its only algorithm', (key, algorithm) => {
    expect(load({ ...audience, JWT_PUBLIC_KEY: key }).jwt.key).toMatchObject({ kind: 'public-key', algorithm });
  });

  it.each([
    ['a private key', rsaPrivate],
    ['a short RSA key', shortRsaPublic],
    ['something else', 'hello'],
  ])('refuses %s as the public key, without showing it', (_, key) => {
    expect(() => load({ ...audience, JWT_PUBLIC_KEY: key })).toThrow(
      'JWT_PUBLIC_KEY: read a value that is not shown, expected a public key in PEM form',
    );
  });

  it('demands an audience along with a public key or a key set', () => {
    expect(() => load({ DATABASE_URL, JWT_PUBLIC_KEY: ecPublic })).toThrow(/^JWT_AUDIENCE: not set/);
    expect(() => load({ DATABASE_URL, JWT_JWKS_URI: 'https://idp.example.com/keys' })).toThrow(
      /^JWT_AUDIENCE: not set/,
    );
  });

  it('is not asked for by commands that only need the database', () => {
    expect(loadDatabaseConfig({ DATABASE_URL }, files).url).toBe(DATABASE_URL);
  });
});

describe('the development secret', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'role-mining-config-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is made once, readable by its owner only', () => {
    const dataDirectory = join(directory, 'data');
    const secret = secretFilesOnDisk.developmentSecret(dataDirectory);
    expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32);
    expect(secretFilesOnDisk.developmentSecret(dataDirectory)).toBe(secret);
    const path = join(dataDirectory, 'development-jwt-secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(secret);
  });

  it('stops the start where the folder cannot be written', () => {
    const dataDirectory = join(directory, 'development-jwt-secret-is-a-file');
    secretFilesOnDisk.developmentSecret(dataDirectory);
    expect(() => loadConfig({ DATA_DIR: join(dataDirectory, 'development-jwt-secret') })).toThrow(
      /^DATA_DIR: read ".*", expected a folder that can be written/,
    );
  });
});

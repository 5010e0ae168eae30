import { createSecretKey } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Config, LOG_LEVELS, type DatabaseConfig, type JwtConfig, type JwtKey } from './config.js';
import { ConfigurationError } from './configuration.error.js';
import { readEnvironment } from './environment.js';
import { secretFilesOnDisk, type SecretFiles } from './secret-files.js';
import * as is from './validators.js';

const timeoutMs = is.integer(1, 86_400_000);

const DATABASE_VARIABLES = {
  DATABASE_URL: is.postgresUrl({ default: undefined }),
  DATABASE_OWNER_URL: is.postgresUrl({ default: undefined }),
  DATABASE_CA: is.certificate({ default: undefined }),
  DATABASE_POOL_SIZE: is.integer(1, 1000)({ default: 10 }),
  DATABASE_QUEUE_POOL_SIZE: is.integer(1, 100)({ default: 4 }),
  DATABASE_CONNECT_TIMEOUT_MS: timeoutMs({ default: 5_000 }),
  DATABASE_STATEMENT_TIMEOUT_MS: timeoutMs({ default: 30_000 }),
  DATABASE_BULK_STATEMENT_TIMEOUT_MS: timeoutMs({ default: 1_800_000 }),
  DATABASE_LOCK_TIMEOUT_MS: timeoutMs({ default: 10_000 }),
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: timeoutMs({ default: 60_000 }),
  DATA_DIR: is.text({ default: '.data' }),
};

const JWT_VARIABLES = {
  JWT_SECRET: is.jwtSecret({ default: undefined }),
  JWT_PUBLIC_KEY: is.jwtPublicKey({ default: undefined }),
  JWT_JWKS_URI: is.jwksUri({ default: undefined }),
  JWT_ISSUER: is.text({ default: undefined }),
  JWT_AUDIENCE: is.text({ default: undefined }),
  ADMIN_ROLES: is.list({ default: ['admin', 'super_admin'] }),
  TENANT_CLAIM: is.text({ default: 'tid' }),
  ROLES_CLAIM: is.text({ default: 'roles' }),
};

const SERVICE_VARIABLES = {
  PROCESS_ROLE: is.oneOf('all', 'api', 'worker')({ default: 'all' }),
  HOST: is.host({ default: '127.0.0.1' }),
  PORT: is.integer(0, 65_535)({ default: 3000 }),
  TRUST_PROXY: is.trustProxy({ default: false }),
  PUBLIC_BASE_PATH: is.basePath({ default: '' }),
  CORS_ORIGINS: is.corsOrigins({ default: [] }),
  REQUEST_TIMEOUT_MS: timeoutMs({ default: 30_000 }),
  IMPORT_TIMEOUT_MS: timeoutMs({ default: 1_800_000 }),
  RATE_LIMIT_PER_TENANT: is.integer(0, 1_000_000_000)({ default: 30_000 }),
  RATE_LIMIT_PER_ACTOR: is.integer(0, 1_000_000_000)({ default: 6_000 }),
  RATE_LIMIT_REFUSED_PER_ADDRESS: is.integer(0, 1_000_000_000)({ default: 600 }),
  IMPORT_MAX_BYTES: is.integer(1, Number.MAX_SAFE_INTEGER)({ default: 4 * 1024 ** 3 }),
  EVENTS_HEARTBEAT_SECONDS: is.integer(1, 3_600)({ default: 15 }),
  EVENTS_MAX_STREAMS: is.integer(1, 100_000)({ default: 2_000 }),
  WEBHOOK_ALLOW_PRIVATE_ADDRESSES: is.flag({ default: false }),
  WEBHOOK_ATTEMPTS: is.integer(1, 100)({ default: 11 }),
  WEBHOOK_RETRY_SECONDS: is.integer(1, 3_600)({ default: 5 }),
  WEBHOOK_TIMEOUT_MS: is.integer(100, 60_000)({ default: 10_000 }),
  METRICS_PORT: is.integer(0, 65_535)({ default: undefined }),
  WORKER_CONCURRENCY: is.integer(1, 64)({ default: 1 }),
  MINING_THREADS: is.integer(1, 256)({ default: availableParallelism() }),
  MINING_TIME_LIMIT_SECONDS: is.integer(1, 86_400)({ default: 600 }),
  JOB_TIME_LIMIT_SECONDS: is.integer(1, 86_400)({ default: 14_400 }),
  MINING_HIERARCHY: is.truth({ default: false }),
  MINING_ROLE_WEIGHT: is.number(0, 1_000_000)({ default: 1 }),
  LOG_LEVEL: is.oneOf(...LOG_LEVELS)({ default: 'info' }),
};

/**
 * Everything that the service reads from its environment. Touches nothing but `env` and `files`.
 *
 * @throws ConfigurationError
 */
export function loadConfig(env: NodeJS.ProcessEnv, files: SecretFiles = secretFilesOnDisk): Config {
  const read = readEnvironment(env, SERVICE_VARIABLES, files);
  const database = loadDatabaseConfig(env, files);
  if (read.PROCESS_ROLE !== 'api') requireConnectionsForWorker(database.poolSize, read.WORKER_CONCURRENCY);
  if (read.IMPORT_TIMEOUT_MS < read.REQUEST_TIMEOUT_MS) {
    throw new ConfigurationError(
      'IMPORT_TIMEOUT_MS',
      `read ${read.IMPORT_TIMEOUT_MS}, expected at least REQUEST_TIMEOUT_MS (${read.REQUEST_TIMEOUT_MS}), ` +
        'which an import is a request of, too',
    );
  }
  return {
    processRole: read.PROCESS_ROLE,
    http: {
      host: read.HOST,
      port: read.PORT,
      trustProxy: read.TRUST_PROXY,
      publicBasePath: read.PUBLIC_BASE_PATH,
      corsOrigins: read.CORS_ORIGINS,
      requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
      importTimeoutMs: read.IMPORT_TIMEOUT_MS,
    },
    rates: {
      perTenant: read.RATE_LIMIT_PER_TENANT,
      perActor: read.RATE_LIMIT_PER_ACTOR,
      refusedPerAddress: read.RATE_LIMIT_REFUSED_PER_ADDRESS,
    },
    database,
    jwt: loadJwtConfig(env, files),
    imports: { maxBytes: read.IMPORT_MAX_BYTES },
    events: { heartbeatSeconds: read.EVENTS_HEARTBEAT_SECONDS, maxStreams: read.EVENTS_MAX_STREAMS },
    webhooks: {
      allowPrivateAddresses: read.WEBHOOK_ALLOW_PRIVATE_ADDRESSES,
      attempts: read.WEBHOOK_ATTEMPTS,
      retrySeconds: read.WEBHOOK_RETRY_SECONDS,
      timeoutMs: read.WEBHOOK_TIMEOUT_MS,
    },
    worker: {
      concurrency: read.WORKER_CONCURRENCY,
      miningThreads: read.MINING_THREADS,
      timeLimitSeconds: read.MINING_TIME_LIMIT_SECONDS,
      jobTimeLimitSeconds: read.JOB_TIME_LIMIT_SECONDS,
      hierarchy: read.MINING_HIERARCHY,
      roleWeight: read.MINING_ROLE_WEIGHT,
    },
    metrics: { port: read.METRICS_PORT ?? null },
    logLevel: read.LOG_LEVEL,
  };
}

/**
 * The database's part alone, for commands that serve nobody and need no key for tokens.
 *
 * @throws ConfigurationError
 */
export function loadDatabaseConfig(env: NodeJS.ProcessEnv, files: SecretFiles = secretFilesOnDisk): DatabaseConfig {
  const read = readEnvironment(env, DATABASE_VARIABLES, files);
  if (read.DATABASE_LOCK_TIMEOUT_MS >= read.DATABASE_STATEMENT_TIMEOUT_MS) {
    throw new ConfigurationError(
      'DATABASE_LOCK_TIMEOUT_MS',
      `read ${read.DATABASE_LOCK_TIMEOUT_MS}, expected less than DATABASE_STATEMENT_TIMEOUT_MS ` +
        `(${read.DATABASE_STATEMENT_TIMEOUT_MS}), which would always strike first`,
    );
  }
  return {
    url: read.DATABASE_URL ?? null,
    ownerUrl: read.DATABASE_OWNER_URL ?? null,
    certificateAuthority: read.DATABASE_CA ?? null,
    poolSize: read.DATABASE_POOL_SIZE,
    queuePoolSize: read.DATABASE_QUEUE_POOL_SIZE,
    connectTimeoutMs: read.DATABASE_CONNECT_TIMEOUT_MS,
    statementTimeoutMs: read.DATABASE_STATEMENT_TIMEOUT_MS,
    bulkStatementTimeoutMs: read.DATABASE_BULK_STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: read.DATABASE_LOCK_TIMEOUT_MS,
    idleTransactionTimeoutMs: read.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
    dataDirectory: resolve(read.DATA_DIR),
  };
}

/**
 * How tokens are verified, for the service and for the command that signs them.
 *
 * @throws ConfigurationError
 */
export function loadJwtConfig(env: NodeJS.ProcessEnv, files: SecretFiles = secretFilesOnDisk): JwtConfig {
  const read = readEnvironment(env, JWT_VARIABLES, files);
  const keys: [string, JwtKey][] = [];
  if (read.JWT_SECRET !== undefined) {
    keys.push(['JWT_SECRET', { kind: 'secret', key: createSecretKey(read.JWT_SECRET, 'utf8') }]);
  }
  if (read.JWT_PUBLIC_KEY !== undefined) {
    const algorithm = read.JWT_PUBLIC_KEY.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256';
    keys.push(['JWT_PUBLIC_KEY', { kind: 'public-key', key: read.JWT_PUBLIC_KEY, algorithm }]);
  }
  if (read.JWT_JWKS_URI !== undefined) keys.push(['JWT_JWKS_URI', { kind: 'jwks', uri: read.JWT_JWKS_URI }]);

  const key = keys.length === 0 ? developmentKey(env, files) : exactlyOne(keys);
  if (key.kind !== 'secret' && read.JWT_AUDIENCE === undefined) {
    // Whoever holds the private key signs for other services too: only the audience says that a token is meant for us.
    throw new ConfigurationError(
      'JWT_AUDIENCE',
      `not set, expected the audience of our tokens along with a public key`,
    );
  }
  return {
    key,
    issuer: read.JWT_ISSUER ?? null,
    audience: read.JWT_AUDIENCE ?? null,
    adminRoles: read.ADMIN_ROLES,
    tenantClaim: read.TENANT_CLAIM,
    rolesClaim: read.ROLES_CLAIM,
  };
}

function exactlyOne(keys: readonly [string, JwtKey][]): JwtKey {
  const [first, second] = keys;
  if (first === undefined || second !== undefined) {
    throw new ConfigurationError(
      keys.map(([name]) => name).join(', '),
      'all set, expected exactly one of JWT_SECRET, JWT_PUBLIC_KEY, JWT_JWKS_URI',
    );
  }
  return first[1];
}

function developmentKey(env: NodeJS.ProcessEnv, files: SecretFiles): JwtKey {
  const database = loadDatabaseConfig(env, files);
  if (database.url !== null) {
    throw new ConfigurationError(
      'JWT_SECRET',
      'not set, expected exactly one of JWT_SECRET, JWT_PUBLIC_KEY, JWT_JWKS_URI along with DATABASE_URL',
    );
  }
  try {
    return { kind: 'secret', key: createSecretKey(files.developmentSecret(database.dataDirectory), 'utf8') };
  } catch (error) {
    throw new ConfigurationError(
      'DATA_DIR',
      `read ${JSON.stringify(database.dataDirectory)}, expected a folder that can be written (${(error as Error).message})`,
    );
  }
}

/** A running job holds one connection for its snapshot or its save and a second for progress; two stay for the rest. */
function requireConnectionsForWorker(poolSize: number, concurrency: number): void {
  const needed = 2 * concurrency + 2;
  if (poolSize < needed) {
    throw new ConfigurationError(
      'DATABASE_POOL_SIZE',
      `read ${poolSize}, expected at least ${needed} (2 × WORKER_CONCURRENCY + 2)`,
    );
  }
}

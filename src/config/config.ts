import type { KeyObject } from 'node:crypto';

export type ProcessRole = 'all' | 'api' | 'worker';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface HttpConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What Fastify calls `trustProxy`: nobody, everybody, a number of hops, or addresses and CIDR ranges. */
  readonly trustProxy: boolean | number | readonly string[];
  /** The path under which a gateway publishes the service, '' or '/x/y' without a slash at the end. */
  readonly publicBasePath: string;
  /** Origins that browsers may call from; ['*'] is any, [] is none. */
  readonly corsOrigins: readonly string[];
  /** Longest time in which a request may arrive, its body included; the bodies of imports have a time of their own. */
  readonly requestTimeoutMs: number;
  /** Longest time in which the files of an import may arrive. */
  readonly importTimeoutMs: number;
}

/** Requests a minute, in this process; 0 is no limit. */
export interface RateConfig {
  readonly perTenant: number;
  readonly perActor: number;
  /** Of failed authentications. */
  readonly refusedPerAddress: number;
}

/** Pool and time-outs; their arithmetic is in docs/OPERATIONS.md. */
export interface DatabaseConfig {
  /** The application's login; null starts the embedded server. */
  readonly url: string | null;
  /** The owner's login, which migrates; null when this process must not. */
  readonly ownerUrl: string | null;
  /** PEM of the authority that signed the server's certificate; null leaves TLS to the URL's sslmode. */
  readonly certificateAuthority: string | null;
  /** Connections of the application's pool, per process. */
  readonly poolSize: number;
  /** Connections of the job queue's own pool, per process. */
  readonly queuePoolSize: number;
  /** Longest wait for a connection, from the pool or new. */
  readonly connectTimeoutMs: number;
  /** Longest statement of a request. */
  readonly statementTimeoutMs: number;
  /** Longest statement of a mining job or an import, which move millions of rows. */
  readonly bulkStatementTimeoutMs: number;
  /** Longest wait for a row or table lock. */
  readonly lockTimeoutMs: number;
  /** A transaction that has sat idle for this long belongs to a process that hangs; the server ends it. */
  readonly idleTransactionTimeoutMs: number;
  /** Absolute path of the folder in which the embedded server keeps its files. */
  readonly dataDirectory: string;
}

export type JwtKey =
  | { readonly kind: 'secret'; readonly key: KeyObject }
  | { readonly kind: 'public-key'; readonly key: KeyObject; readonly algorithm: 'RS256' | 'ES256' }
  | { readonly kind: 'jwks'; readonly uri: string };

export interface JwtConfig {
  readonly key: JwtKey;
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly adminRoles: readonly string[];
  /** Path of the claim with the tenant. */
  readonly tenantClaim: string;
  /** Path of the claim with the roles. */
  readonly rolesClaim: string;
}

export interface ImportConfig {
  /** Largest access graph that is taken over HTTP: bytes of all its files, unpacked. */
  readonly maxBytes: number;
}

/** Streams of jobs' events. */
export interface EventsConfig {
  /** Between two comments that keep a silent stream alive; less than a gateway's idle time-out. */
  readonly heartbeatSeconds: number;
  /** Open streams in this process, at most. */
  readonly maxStreams: number;
}

export interface WebhooksConfig {
  /** Lets webhooks reach private and loopback addresses, and without TLS. */
  readonly allowPrivateAddresses: boolean;
  /** After so many failed attempts a delivery is given up. */
  readonly attempts: number;
  /** Between the first two attempts; every further wait is three times as long, up to eight hours. */
  readonly retrySeconds: number;
  /** Longest wait for an answer, the connection included. */
  readonly timeoutMs: number;
}

export interface MetricsConfig {
  /** A port of their own for `/metrics`; null serves them beside the API. */
  readonly port: number | null;
}

export interface WorkerConfig {
  /** Jobs at once in this process. */
  readonly concurrency: number;
  /** Threads of one job. */
  readonly miningThreads: number;
  /** Wall clock after which the search for roles takes the best it has; a safety stop, its budget is counted in steps. */
  readonly timeLimitSeconds: number;
  /** The longest that a job may run; then it fails. */
  readonly jobTimeLimitSeconds: number;
  /** Whether proposed roles may inherit from each other. */
  readonly hierarchy: boolean;
  /** What a role weighs against assignments in the complexity that is searched for. */
  readonly roleWeight: number;
}

/**
 * What the environment says, read and checked once when the process starts. Abstract, so that it is its own injection
 * token; `loadConfig` makes the one value.
 */
export abstract class Config {
  abstract readonly processRole: ProcessRole;
  abstract readonly http: HttpConfig;
  abstract readonly rates: RateConfig;
  abstract readonly database: DatabaseConfig;
  abstract readonly jwt: JwtConfig;
  abstract readonly imports: ImportConfig;
  abstract readonly events: EventsConfig;
  abstract readonly webhooks: WebhooksConfig;
  abstract readonly worker: WorkerConfig;
  abstract readonly metrics: MetricsConfig;
  abstract readonly logLevel: LogLevel;
}

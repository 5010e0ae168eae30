import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import jwt from 'jsonwebtoken';
import { AppModule } from '../../src/app.module.js';
import { loadConfig } from '../../src/config/load-config.js';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
import { createHttpApplication } from '../../src/http-application.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export const TEST_SECRET = 'a secret for tests only, of more than 32 bytes';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON document, or null when there is no body. */
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly token?: string | null;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
  /** Sent as it is. */
  readonly body?: string;
}

export interface TokenOptions {
  readonly tenant?: string;
  readonly user?: string;
  readonly roles?: readonly string[];
}

/** The whole service of one process, on a port and a database of its own. */
export interface TestService extends AsyncDisposable {
  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  readonly url: string;
  /** A good token; of a new tenant's administrator unless said otherwise. */
  token(options?: TokenOptions): string;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Rows of a statement as the application's login, in the tenant. */
  asTenant<Row>(tenant: string, sql: string, values?: unknown[]): Promise<Row[]>;
}

/** @param shared the database of another service, for a second process beside it */
export async function startTestService(
  environment: NodeJS.ProcessEnv = {},
  shared?: TestDatabase,
): Promise<TestService> {
  const database = shared ?? (await createTestDatabase());
  const config = loadConfig({
    DATABASE_URL: database.url,
    JWT_SECRET: TEST_SECRET,
    PORT: '0',
    LOG_LEVEL: 'silent',
    MINING_THREADS: '1',
    // Specs that try tokens try many, all from one address.
    RATE_LIMIT_REFUSED_PER_ADDRESS: '0',
    ...environment,
  });
  const app = await createHttpApplication(
    AppModule.forRoot(config, { ...database.open, config: config.database }),
    config,
  );
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    database,
    url,
    token: signToken,
    call: (method, path, call) => send(url, method, path, call),
    asTenant: (tenant, sql, values) => app.get(TenantTransaction).run(tenant, (manager) => manager.query(sql, values)),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      if (shared === undefined) await database.dispose();
    },
  };
}

export function signToken({
  tenant = randomUUID(),
  user = randomUUID(),
  roles = ['admin'],
}: TokenOptions = {}): string {
  return jwt.sign({ sub: user, tid: tenant, roles }, TEST_SECRET, { expiresIn: '1h' });
}

async function send(url: string, method: string, path: string, call: Call = {}): Promise<Answer> {
  const headers = new Headers(call.headers);
  if (call.token) headers.set('Authorization', `Bearer ${call.token}`);
  if (call.json !== undefined) headers.set('Content-Type', 'application/json');
  const body = call.json === undefined ? call.body : JSON.stringify(call.json);
  const response = await fetch(url + path, { method, headers, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: readBody(text) };
}

function readBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}

/**
 * Asks until the answer is as wanted, and gives it; fails after 30 s with the last one.
 */
export async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`Not reached within 30 s; last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { assignmentsCsv, type GraphFiles, names } from '../../support/seed-graph.js';
import { createTestDatabase } from '../../support/test-database.js';
import { signToken, TEST_SECRET } from '../../support/test-service.js';
import { DatabaseProxy } from './database-proxy.js';
import { Observer } from './observer.js';
import { ServiceProcess } from './service-process.js';

export const JOBS = '/governance/role-mining/jobs';

export interface Tenant {
  readonly id: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A process of the service and its way to the database. */
export interface Member {
  readonly process: ServiceProcess;
  readonly proxy: DatabaseProxy;
}

export type StageDatabase = { readonly url: string; readonly superuserUrl: string; dispose(): Promise<void> };

/** A database, an observer who is superuser there, and the processes of the service that a spec starts on it. */
export class Stage implements AsyncDisposable {
  private readonly members: Member[] = [];

  private constructor(
    readonly database: StageDatabase,
    readonly observer: Observer,
  ) {}

  static async open(database?: StageDatabase): Promise<Stage> {
    const opened = database ?? (await createTestDatabase());
    return new Stage(opened, await Observer.connect(opened.superuserUrl));
  }

  async start(role: 'api' | 'worker', environment: NodeJS.ProcessEnv = {}, program?: string[]): Promise<Member> {
    const proxy = await DatabaseProxy.start(this.database.url);
    const settings = { DATABASE_URL: proxy.url, JWT_SECRET: TEST_SECRET, MINING_THREADS: '1', PROCESS_ROLE: role };
    const member = { proxy, process: await ServiceProcess.start({ ...settings, ...environment }, program) };
    this.members.push(member);
    return member;
  }

  /** Started and ready. */
  async startReady(role: 'api' | 'worker', environment?: NodeJS.ProcessEnv, program?: string[]): Promise<Member> {
    const member = await this.start(role, environment, program);
    await member.process.ready();
    return member;
  }

  /** A session that holds what the statements lock, until it is let go. */
  async hold(...statements: readonly (string | { text: string; values: unknown[] })[]): Promise<Hold> {
    const client = new pg.Client(this.database.superuserUrl);
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SET search_path = role_mining, pgboss');
    await client.query('BEGIN');
    for (const statement of statements) await client.query(statement);
    return new Hold(client);
  }

  /** Holds the row of a job: a claim, an end or a cancellation of it waits; results that refer to it do not. */
  holdJob(jobId: string): Promise<Hold> {
    return this.hold({ text: 'SELECT 1 FROM role_mining_job WHERE id = $1 FOR NO KEY UPDATE', values: [jobId] });
  }

  /** @throws when a process has ended with an error of its own, whatever else the spec has seen */
  async [Symbol.asyncDispose](): Promise<void> {
    const crashes: string[] = [];
    for (const { process, proxy } of this.members) {
      await process[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      const { code } = await process.ended;
      if (code !== null && code !== 0) crashes.push(`A process ended with ${code}: …${process.text.slice(-4_000)}`);
    }
    await this.observer[Symbol.asyncDispose]();
    await this.database.dispose();
    if (crashes.length > 0) throw new Error(crashes.join('\n'));
  }
}

export class Hold implements AsyncDisposable {
  private isHeld = true;

  constructor(private readonly client: pg.Client) {}

  async release(): Promise<void> {
    if (!this.isHeld) return;
    this.isHeld = false;
    await this.client.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

export function newTenant(): Tenant {
  const id = randomUUID();
  return { id, token: signToken({ tenant: id }) };
}

export async function call(
  api: { readonly url: string },
  method: string,
  path: string,
  tenant: Tenant,
  request: { json?: unknown; key?: string } = {},
): Promise<Answer> {
  const headers = new Headers({ Authorization: `Bearer ${tenant.token}`, Connection: 'close' });
  if (request.json !== undefined) headers.set('Content-Type', 'application/json');
  if (request.key !== undefined) headers.set('Idempotency-Key', request.key);
  const body = request.json === undefined ? undefined : JSON.stringify(request.json);
  const response = await fetch(api.url + path, { method, headers, body });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** A pending job. */
export async function createJob(api: { readonly url: string }, tenant: Tenant, parameters?: object): Promise<string> {
  const { status, body } = await call(api, 'POST', JOBS, tenant, { json: { name: 'Mine', parameters } });
  if (status !== 201) throw new Error(`Creating a job was answered ${status}: ${JSON.stringify(body)}`);
  return body['id'] as string;
}

/** A job that is handed to the workers. */
export async function runJob(api: { readonly url: string }, tenant: Tenant, jobId: string): Promise<void> {
  const { status, body } = await call(api, 'POST', `${JOBS}/${jobId}/run`, tenant);
  if (status !== 200) throw new Error(`Running a job was answered ${status}: ${JSON.stringify(body)}`);
}

export async function runNewJob(api: { readonly url: string }, tenant: Tenant): Promise<string> {
  const jobId = await createJob(api, tenant);
  await runJob(api, tenant, jobId);
  return jobId;
}

/** An organisation that is mined within milliseconds. */
export function smallGraph(): GraphFiles {
  const groups = [1, 2, 3].map((group) => ({
    users: names(`user-${group}-`, 6),
    entitlements: names(`entitlement-${group}-`, 4),
  }));
  return { assignments: assignmentsCsv(groups) };
}

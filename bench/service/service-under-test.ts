import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { errorCode } from '../../src/common/error-code.js';
import { closeOnSignal } from '../../src/database/embedded-server/close-on-signal.js';

const ROOT = join(import.meta.dirname, '../..');
const SECRET = 'a secret of the benchmark, more than 32 bytes long';
const PORTS = { api: 39_872, worker: 39_873 };
const START_ATTEMPTS = 300;

/** The built service in a process of its own, on the benchmark's database. */
export class ServiceUnderTest implements AsyncDisposable {
  readonly url: string;
  /** What an administrator of the tenant sends with every request. */
  readonly headers: Readonly<Record<string, string>>;
  private readonly child: ChildProcess;
  private readonly heedSignals: () => void;

  /** @param niceness what it yields to others of the processor, PostgreSQL's processes included, as `nice` has it */
  constructor(databaseUrl: string, role: keyof typeof PORTS, tenant: string, niceness = 0) {
    this.url = `http://127.0.0.1:${PORTS[role]}`;
    const token = jwt.sign({ sub: tenant, tid: tenant, roles: ['admin'] }, SECRET, { expiresIn: '1h' });
    this.headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const noLimits = { RATE_LIMIT_PER_ACTOR: '0', RATE_LIMIT_PER_TENANT: '0' };
    const settings = { DATABASE_URL: databaseUrl, JWT_SECRET: SECRET, LOG_LEVEL: 'warn', ...noLimits };
    const command = [process.execPath, 'dist/main.js'];
    // By the command, which becomes the process: a priority that is set later is that of one thread only.
    const [program, ...parameters] = niceness === 0 ? command : ['nice', '-n', String(niceness), ...command];
    this.child = spawn(program, parameters, {
      cwd: ROOT,
      env: { ...process.env, ...settings, PROCESS_ROLE: role, PORT: String(PORTS[role]) },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: niceness !== 0,
    });
    if (niceness !== 0) this.yieldToOtherSessions(niceness);
    // A session of its own hears nothing of a Ctrl-C.
    this.heedSignals = closeOnSignal(() => this[Symbol.asyncDispose]());
  }

  /**
   * With `CONFIG_SCHED_AUTOGROUP`, as most Linuxes have it, a niceness counts among the processes of one session only:
   * PostgreSQL's are of another. Sessions have a niceness of their own (sched(7), "The autogroup feature").
   */
  private yieldToOtherSessions(niceness: number): void {
    try {
      writeFileSync(`/proc/${this.pid}/autogroup`, String(niceness));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EACCES') throw error;
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.url}: the process did not start`);
    return this.child.pid;
  }

  async ready(): Promise<void> {
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      const response = await fetch(`${this.url}/health/ready`).catch(() => null);
      if (response?.ok) return;
      await delay(100);
    }
    throw new Error(`${this.url} did not become ready within ${START_ATTEMPTS / 10} s`);
  }

  /** @throws Error for any answer but 2xx */
  async call<Body>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Body> {
    const { headers } = this;
    const response = await fetch(this.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text === '' ? 'null' : text) as Body;
  }

  /** Reads an answer without keeping it. @throws Error for any answer but 2xx */
  async read(path: string): Promise<{ bytes: number; lines: number }> {
    const response = await fetch(this.url + path, { headers: this.headers });
    if (!response.ok || response.body === null) throw new Error(`GET ${path}: ${response.status}`);
    let bytes = 0;
    let lines = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    }
    return { bytes, lines };
  }

  /** What its own metrics say of the process. */
  async usage(): Promise<{ residentBytes: number; cpuSeconds: number }> {
    const metrics = await (await fetch(`${this.url}/metrics`)).text();
    const value = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1]);
    return { residentBytes: value('process_resident_memory_bytes'), cpuSeconds: value('process_cpu_seconds_total') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.heedSignals();
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

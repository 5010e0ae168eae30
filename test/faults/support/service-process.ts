import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { freePort } from '../../../src/demo/service-process.js';
import { until } from './until.js';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Longer than the service may wait for a connection to its database before it says that it is not ready. */
const PROBE_TIMEOUT_MS = 10_000;

/** A process of the built service, or of another program that listens as it does. */
export class ServiceProcess implements AsyncDisposable {
  /** Settles when the process has ended. */
  readonly ended: Promise<End>;
  hasEnded = false;
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.ended = once(child, 'exit').then((exit) => {
      this.hasEnded = true;
      const [code, signal] = exit as [End['code'], End['signal']];
      return { code, signal };
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  /** @param program arguments of Node; the service by default */
  static async start(environment: NodeJS.ProcessEnv, program = ['dist/main.js']): Promise<ServiceProcess> {
    const port = await freePort('127.0.0.1', 0);
    const child = spawn(process.execPath, program, {
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'info', ...environment, HOST: '127.0.0.1', PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServiceProcess(child, `http://127.0.0.1:${port}`);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Everything that it has written so far. */
  get text(): string {
    return this.output;
  }

  get log(): LogLine[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  async ready(): Promise<this> {
    await until(`readiness of ${this.url}`, async () => {
      if (this.hasEnded) throw new Error(`The service has ended: ${this.output}`);
      return (await this.readiness()) === 200;
    });
    return this;
  }

  /** The status of the readiness probe; 0 when nobody listens, or a frozen process does. */
  async readiness(): Promise<number> {
    return fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops it in the middle of whatever it does, and returns when the kernel has. */
  async freeze(): Promise<void> {
    this.child.kill('SIGSTOP');
    await until(`process ${this.pid} to be stopped`, async () => {
      const stat = await readFile(`/proc/${this.pid}/stat`, 'utf8');
      return /^\S+ \(.*\) T/.test(stat);
    });
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end, and gives how it did. */
  async stop(): Promise<End> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) await this.kill();
  }
}

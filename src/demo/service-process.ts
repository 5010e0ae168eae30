import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddedServer } from '../database/embedded-server/embedded-server.js';
import { DemoError } from './demo.error.js';

const PROGRAM = fileURLToPath(new URL('./service.js', import.meta.url));
const START_TIMEOUT_MS = 180_000;
const POLL_MS = 100;
const NOTICE_MS = 100;
const SHOWN_LOG_LINES = 8;

/** The service in a process of its own, as an operator would start it. Its output goes to `files.logFile`. */
export class ServiceProcess implements AsyncDisposable {
  readonly url: string;
  private readonly child: ChildProcess;
  /** Settles when the process has ended. */
  private readonly ended: Promise<string>;
  private isStopping = false;
  private wasKilled = false;

  /** @param onUnexpectedEnd is told when the process ends without having been asked to */
  constructor(
    environment: NodeJS.ProcessEnv,
    address: { host: string; port: number },
    private readonly files: { logFile: string; dataDirectory: string },
    onUnexpectedEnd: (error: DemoError) => void,
  ) {
    this.url = `http://${reachable(address.host)}:${address.port}`;
    mkdirSync(dirname(files.logFile), { recursive: true });
    const log = openSync(files.logFile, 'w');
    this.child = spawn(process.execPath, [PROGRAM], {
      env: { ...environment, HOST: address.host, PORT: String(address.port) },
      stdio: ['ignore', log, log, 'ipc'],
      // A terminal's Ctrl-C goes to the demo only, which then stops the service in order.
      detached: process.platform !== 'win32',
    });
    closeSync(log);
    this.child.channel?.unref();
    this.ended = once(this.child, 'exit').then(
      (exit) => {
        const [code, signal] = exit as [number | null, NodeJS.Signals | null];
        this.wasKilled = signal !== null && signal !== 'SIGTERM';
        return signal === null ? `exit code ${code}` : `killed by ${signal}`;
      },
      (error: Error) => error.message,
    );
    void this.ended.then((how) => {
      if (!this.isStopping) onUnexpectedEnd(new DemoError(`The service has stopped (${how}). ${this.lastWords()}`));
    });
  }

  /** Resolves when it can serve requests. */
  async ready(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    let reason = 'it did not answer';
    while (performance.now() < deadline) {
      try {
        const response = await fetch(`${this.url}/health/ready`, { signal });
        if (response.ok) return;
        reason = ((await response.json()) as { detail: string }).detail;
      } catch {
        signal.throwIfAborted(); // else it does not listen yet
      }
      await delay(POLL_MS, undefined, { signal });
    }
    throw new DemoError(
      `The service was not ready within ${START_TIMEOUT_MS / 1000} s: ${reason}. ${this.lastWords()}`,
    );
  }

  /** Asks it to stop, and waits until it and its database have. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Its connections break a moment before it is known that it has died: that is the reason to tell.
    await Promise.race([this.ended, delay(NOTICE_MS)]);
    this.isStopping = true;
    this.child.kill('SIGTERM');
    await this.ended;
    // Its database outlives a process that could not say goodbye: the last who leaves stops it.
    if (this.wasKilled) await (await EmbeddedServer.start(this.files)).close();
  }

  private lastWords(): string {
    const lines = readFileSync(this.files.logFile, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
    return `Its log (${this.files.logFile}) ends with:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  }
}

/** Where a client finds what listens on the address. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** The port, or any free one when somebody listens on it. */
export async function freePort(host: string, wanted: number): Promise<number> {
  const portOf = (port: number): Promise<number | null> =>
    new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(null) : reject(new DemoError(`HOST, PORT: ${error.message}`)),
      );
      server.listen({ port, host }, () => {
        const address = server.address() as { port: number };
        server.close(() => resolve(address.port));
      });
    });
  return (await portOf(wanted)) ?? (await portOf(0)) ?? wanted;
}

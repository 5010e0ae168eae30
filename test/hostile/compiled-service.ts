import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase, TEST_SERVER_VARIABLE, type TestDatabase } from '../support/test-database.js';
import { startTestServer, stopTestServer } from '../support/test-server.js';
import { TEST_SECRET } from '../support/test-service.js';

const PROGRAM = join(import.meta.dirname, '../../dist/main.js');
const START_TIMEOUT_MS = 60_000;

/** The compiled service in a process of its own: what runs in production, its OpenAPI document and its log included. */
export class CompiledService implements AsyncDisposable {
  private output = '';

  private constructor(
    readonly url: string,
    readonly database: TestDatabase,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  static async start(environment: NodeJS.ProcessEnv = {}): Promise<CompiledService> {
    const database = await createTestDatabase();
    const port = await freePort();
    const child = spawn(process.execPath, [PROGRAM], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: database.url,
        JWT_SECRET: TEST_SECRET,
        PORT: String(port),
        MINING_THREADS: '1',
        RATE_LIMIT_REFUSED_PER_ADDRESS: '0',
        LOG_LEVEL: 'warn',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const service = new CompiledService(`http://127.0.0.1:${port}`, database, child);
    await service.ready();
    return service;
  }

  /** Everything that it has written so far. */
  get log(): string {
    return this.output;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resident memory in MiB; null where the system does not tell. */
  async residentMiB(): Promise<number | null> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
    return bytes === undefined ? null : Number(bytes) / 2 ** 20;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    await this.database.dispose();
  }

  private async ready(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!this.hasEnded && performance.now() < deadline) {
      const response = await fetch(`${this.url}/health/ready`).catch(() => null);
      await response?.arrayBuffer();
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const said = this.output;
    await this[Symbol.asyncDispose]();
    throw new Error(`dist/main.js did not start (is it built?): ${said}`);
  }
}

/** For programs of their own: a database server and the service for the work, without limits to its rate. */
export async function withCompiledService(work: (service: CompiledService) => Promise<void>): Promise<void> {
  const server = await startTestServer();
  try {
    process.env[TEST_SERVER_VARIABLE] = JSON.stringify(server);
    await using service = await CompiledService.start({
      RATE_LIMIT_PER_ACTOR: '0',
      RATE_LIMIT_PER_TENANT: '0',
      // Deliveries that have failed can be sent again.
      WEBHOOK_ATTEMPTS: '1',
    });
    await work(service);
  } finally {
    await stopTestServer(server);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

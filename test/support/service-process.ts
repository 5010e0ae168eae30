import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TEST_SECRET } from './test-service.js';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** The service in a process of its own, as `npm start` runs it but for the build. */
export interface ServiceProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it has logged. */
  readonly lines: readonly Record<string, unknown>[];
  /** Ends it as an orchestrator does, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Resolves when it listens. */
export async function startServiceProcess(
  databaseUrl: string,
  environment: NodeJS.ProcessEnv,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      JWT_SECRET: TEST_SECRET,
      PORT: '0',
      LOG_LEVEL: 'info',
      MINING_THREADS: '1',
      ...environment,
    },
  });
  const lines: Record<string, unknown>[] = [];
  const listening = Promise.withResolvers<string>();
  createInterface(child.stdout).on('line', (text) => {
    const line = JSON.parse(text) as Record<string, unknown>;
    lines.push(line);
    const url = /^Listening on (http:\S+)/.exec(String(line.msg))?.[1];
    if (url !== undefined) listening.resolve(url);
  });
  child.once('exit', (code) => {
    listening.reject(new Error(`The service ended with ${code}: ${JSON.stringify(lines.at(-1))}`));
  });
  const url = await listening.promise;
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return { child, url, lines, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

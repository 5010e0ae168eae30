import { spawn } from 'node:child_process';
import type { Account } from './account.js';

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Standard output and error, in the order of arrival. */
  readonly output: string;
}

/** On Windows the server inherits the pipes of `pg_ctl start` and keeps them open; so `close` may never come. */
const PIPE_GRACE_MS = 200;

/**
 * Runs one of PostgreSQL's programs to its end.
 *
 * @throws the system error when it cannot be started: ENOENT, or EACCES when the account cannot reach it
 */
export function runCommand(program: string, args: readonly string[], account: Account): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(account ?? {}),
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
    child.once('exit', (exitCode) => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ exitCode, output });
      }, PIPE_GRACE_MS).unref();
    });
  });
}

/** Ours without PGDATA, PGPORT and the like, which would redirect the programs, and with messages in English. */
function environment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(entries), LC_ALL: 'C' };
}

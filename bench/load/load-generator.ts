import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadOrder, LoadOutcome } from './generator-protocol.js';

/** The process that makes the load. */
export class LoadGenerator implements AsyncDisposable {
  private readonly child: ChildProcess = fork(join(import.meta.dirname, 'generator.ts'), {
    execArgv: ['--import', '@swc-node/register/esm-register'],
  });

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('The load generator did not start');
    return this.child.pid;
  }

  async run(order: LoadOrder): Promise<LoadOutcome> {
    const ended = once(this.child, 'exit').then(() => Promise.reject(new Error('The load generator ended')));
    this.child.send(order);
    const [outcome] = (await Promise.race([once(this.child, 'message'), ended])) as [LoadOutcome];
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

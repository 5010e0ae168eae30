import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import type { ReportTask, ThreadTask } from './report-task.js';

/** A thread without work goes after so long, with the memory that it took. */
const IDLE_MS = 30_000;

/**
 * Writes the reports of completed jobs beside the event loop, which answers others meanwhile. One at a time: each holds a
 * whole access graph.
 *
 * Of 100,000 users × 5,000 entitlements × 2 M assignments, with other work on both processors: a page of 3.2 MB in 4 to 8 s
 * either way, during which the event loop stood still for 2.0 to 4.0 s at a time without the thread, for 0.3 to 0.4 s with
 * it. What is left is the snapshot, put together here from what the database sends, and its copy for the thread (0.1 s).
 */
@Injectable()
export class ReportThreads implements OnApplicationShutdown {
  private readonly pool = new Piscina({
    ...threadSource(),
    minThreads: 0,
    maxThreads: 1,
    concurrentTasksPerWorker: 1,
    idleTimeout: IDLE_MS,
  });

  /**
   * @param namesOf names of users, as far as they are known
   * @param signal ends the thread that is at it
   * @returns one HTML file, in UTF-8
   * @throws what `namesOf` throws, the signal's reason, and what is wrong in the thread
   */
  async write(
    task: ReportTask,
    namesOf: (userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { port1: names, port2: port } = new MessageChannel();
    const unnamed = new AbortController();
    names.once('message', (userIds: readonly string[]) => {
      void namesOf(userIds).then(
        (found) => names.postMessage(found),
        (error: unknown) => unnamed.abort(error),
      );
    });
    const stopped = AbortSignal.any([signal, unnamed.signal]);
    const threadTask: ThreadTask = { ...task, port };
    try {
      return (await this.pool.run(threadTask, {
        name: 'writeReport',
        transferList: [port],
        signal: stopped,
      })) as Uint8Array<ArrayBuffer>;
    } catch (error) {
      throw stopped.aborted ? stopped.reason : error;
    } finally {
      names.close();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }
}

/** The thread beside this file: JavaScript in dist/, TypeScript when specs run from source. */
function threadSource(): { filename: string; execArgv: string[] } {
  const isSource = import.meta.url.endsWith('.ts');
  return {
    filename: fileURLToPath(new URL(isSource ? './report-thread.ts' : './report-thread.js', import.meta.url)),
    execArgv: isSource ? ['--import', '@swc-node/register/esm-register'] : [],
  };
}

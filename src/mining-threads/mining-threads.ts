import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { checkMiningOptions, type MiningOptions, type MiningResult, type Organisation } from '../engine/index.js';
import { MiningCancelledError, MiningError } from './mining.error.js';
import { MiningRun } from './mining-run.js';
import { ProgressReport, type ProgressListener } from './progress-report.js';

export { MiningCancelledError, MiningError };

/**
 * Room for short-lived objects in each thread. By default it grows with the garbage, to 120 MB in each of the threads that
 * find roles and suspected noise of 100,000 users × 5,000 entitlements × 2 M assignments, and no faster for it.
 */
const YOUNG_GENERATION_MEGABYTES = 12;

export interface MiningThreadsOptions {
  /** Threads at most, for all runs together; the number of cores by default. */
  threads?: number;
  /** Heap of one thread in MiB, shared memory and WebAssembly not counted; Node's own limit by default. */
  heapMegabytes?: number;
}

export interface MiningRunOptions extends ProgressListener {
  /** Ends the run: it rejects with `MiningCancelledError` as soon as its threads have stopped. */
  signal?: AbortSignal;
}

/**
 * Runs the engine in worker threads, so that the caller's event loop stays free. The phases of a run are separate tasks
 * of one pool: with more threads than one they run side by side, threads without work help with the patterns, and
 * several runs share the threads in the order in which they came. The result is that of `mine`, whatever the number of threads.
 */
export class MiningThreads {
  private readonly pool: Piscina;
  private readonly heapMegabytes: number | undefined;

  constructor({ threads = availableParallelism(), heapMegabytes }: MiningThreadsOptions = {}) {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new RangeError(`threads must be a whole number of at least 1, got ${threads}`);
    }
    this.heapMegabytes = heapMegabytes;
    this.pool = new Piscina({
      ...workerSource(),
      minThreads: 0,
      maxThreads: threads,
      // Threads stay: a warm one has compiled the engine, a new one needs tens of milliseconds.
      idleTimeout: Infinity,
      stricterFIFO: true,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES,
        ...(heapMegabytes !== undefined && { maxOldGenerationSizeMb: heapMegabytes }),
      },
    });
  }

  /**
   * @throws RangeError for an option that no analysis can work with
   * @throws MiningCancelledError once the signal is aborted
   * @throws MiningError when memory ran out; the threads stay usable
   */
  async mine(
    organisation: Organisation,
    options: MiningOptions,
    { signal, ...listener }: MiningRunOptions = {},
  ): Promise<MiningResult> {
    checkMiningOptions(options);
    if (signal?.aborted) throw new MiningCancelledError();
    const run = new MiningRun(this.pool, organisation, options, this.pool.maxThreads - 1);
    const stop = (): void => run.stop();
    signal?.addEventListener('abort', stop, { once: true });
    const progress = new ProgressReport(run.signals, listener);
    try {
      const result = await run.finish();
      if (signal?.aborted) throw new MiningCancelledError();
      progress.report();
      return result;
    } catch (error) {
      throw signal?.aborted ? new MiningCancelledError() : explained(error, this.heapMegabytes);
    } finally {
      progress.end();
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Waits for the runs at hand, then ends the threads. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** The worker beside this file: JavaScript in dist/, TypeScript when specs run from source. */
function workerSource(): { filename: string; execArgv: string[] } {
  if (!import.meta.url.endsWith('.ts')) {
    return { filename: fileURLToPath(new URL('./mining-worker.js', import.meta.url)), execArgv: [] };
  }
  return {
    filename: fileURLToPath(new URL('./mining-worker.ts', import.meta.url)),
    execArgv: ['--import', '@swc-node/register/esm-register'],
  };
}

/** Errors that a thread ends with may come from another realm: they are known by what they carry, not by their class. */
function explained(error: unknown, heapMegabytes: number | undefined): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const outOfHeap = code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (!outOfHeap && message !== 'Array buffer allocation failed') return error;
  const limit = outOfHeap && heapMegabytes !== undefined ? `: a mining thread may use ${heapMegabytes} MiB` : '';
  return new MiningError(
    `the organisation needs more memory than there is${limit}; give the process more, or mine a part of it`,
    { cause: error },
  );
}

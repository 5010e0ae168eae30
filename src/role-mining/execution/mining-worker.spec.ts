import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../config/config.js';
import type { MiningRunner } from './mining-runner.js';
import { MiningWorker } from './mining-worker.js';
import type { QueueConnection } from '../../queue/queue-connection.js';

type Handler = (jobs: { data: object; retryCount: number }[]) => Promise<void>;

/** A worker whose runs end with the error, and what the queue calls with a job. */
async function workerOf(error: Error): Promise<{ worker: MiningWorker; handle: Handler }> {
  const registered = Promise.withResolvers<Handler>();
  const boss = {
    work: (_queue: string, _options: object, handler: Handler) => Promise.resolve(registered.resolve(handler)),
    offWork: () => Promise.resolve(),
  };
  const connection = { started: Promise.resolve(), isRunning: () => true, boss } as unknown as QueueConnection;
  const runner = { run: () => Promise.reject(error) } as unknown as MiningRunner;
  const worker = new MiningWorker({ worker: { concurrency: 1 } } as Config, connection, runner);
  worker.onApplicationBootstrap();
  return { worker, handle: await registered.promise };
}

const job = { data: {}, retryCount: 3 };

describe('a job that could not end', () => {
  it.each(['ECONNREFUSED', '53300', '55P03'])(
    'because of the database (%s) is given back after a pause',
    async (code) => {
      const error = Object.assign(new Error('not now'), { code });
      const { worker, handle } = await workerOf(error);
      let isGivenBack = false;
      const ended = handle([job]).finally(() => (isGivenBack = true));
      await setImmediate();
      expect(isGivenBack).toBe(false);
      // A process that has to go does not wait.
      await worker.beforeApplicationShutdown();
      await expect(ended).rejects.toBe(error);
    },
  );

  it('for another reason is given back at once', async () => {
    const error = new Error('a fault of ours');
    const { handle } = await workerOf(error);
    await expect(handle([job])).rejects.toBe(error);
  });
});

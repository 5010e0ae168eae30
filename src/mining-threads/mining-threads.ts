import { mine, type MiningOptions, type MiningPhase, type MiningResult, type Organisation } from '../engine/index.js';
export class MiningError extends Error {}
export class MiningThreads {
  mine(
    organisation: Organisation,
    options: MiningOptions,
    c: { signal?: AbortSignal; onProgress?: (p: MiningPhase, f: number) => void },
  ): Promise<MiningResult> {
    return Promise.resolve(
      mine(organisation, options, {
        onProgress: c.onProgress,
        isCancelled: () => c.signal?.aborted ?? false,
        now: () => performance.now(),
      }),
    );
  }
}

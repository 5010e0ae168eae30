import type { MiningOptions, MiningPhase, Organisation } from '../engine/index.js';

/** What a thread is given: one phase of one run. Typed arrays lie in shared memory, so that nothing large is copied. */
export interface MiningTask {
  readonly phase: MiningPhase;
  readonly organisation: Organisation;
  readonly options: MiningOptions;
  /** See `RunSignals`. */
  readonly signals: SharedArrayBuffer;
}

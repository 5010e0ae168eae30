import type { MiningOptions, MiningPhase, Organisation } from '../engine/index.js';
import type { HelpLink } from './pattern-help.js';

/** One phase of one run, for a thread. Typed arrays lie in shared memory, so that nothing large is copied. */
export interface PhaseTask {
  readonly phase: MiningPhase;
  readonly organisation: Organisation;
  readonly options: MiningOptions;
  /** See `RunSignals`. */
  readonly signals: SharedArrayBuffer;
  /** Threads that may help with patterns. */
  readonly helpers: readonly HelpLink[];
}

/** Help with the patterns of one run. */
export interface HelpTask {
  readonly link: HelpLink;
  readonly signals: SharedArrayBuffer;
}

import { MINING_PHASES, type EngineControl, type MiningPhase } from '../engine/index.js';

const CANCELLED_SLOT = 0;
const FIRST_PHASE_SLOT = 1;

/** Progress is kept in whole steps: `Atomics` work on integers only. */
const STEPS = 1_000_000;

/**
 * What the caller and the threads of one run tell each other while the threads compute and read no messages: one
 * shared integer says whether to stop, one per phase how far it is.
 */
export class RunSignals {
  private readonly slots: Int32Array;

  constructor(readonly shared = new SharedArrayBuffer((FIRST_PHASE_SLOT + MINING_PHASES.length) * 4)) {
    this.slots = new Int32Array(shared);
  }

  get isCancelled(): boolean {
    return Atomics.load(this.slots, CANCELLED_SLOT) !== 0;
  }

  cancel(): void {
    Atomics.store(this.slots, CANCELLED_SLOT, 1);
  }

  /** Null before a thread has taken the phase up. */
  fractionOf(phase: MiningPhase): number | null {
    const step = Atomics.load(this.slots, slotOf(phase));
    return step === 0 ? null : (step - 1) / STEPS;
  }

  /** What a phase is given to follow and stop it; from now on it counts as taken up. */
  takeUp(phase: MiningPhase): EngineControl {
    const slot = slotOf(phase);
    Atomics.store(this.slots, slot, 1);
    return {
      onProgress: (fraction) => {
        Atomics.store(this.slots, slot, 1 + Math.round(fraction * STEPS));
      },
      isCancelled: () => this.isCancelled,
      now: () => performance.now(),
    };
  }
}

function slotOf(phase: MiningPhase): number {
  return FIRST_PHASE_SLOT + MINING_PHASES.indexOf(phase);
}

import { MINING_PHASES, type EngineControl, type MiningPhase, type RoleSetSoFar } from '../engine/index.js';

/** The best role set takes the first eight bytes, complexity above number of roles: written and read as one. */
const BEST_BYTES = 8;
const CANCELLED_SLOT = 0;
const FIRST_PHASE_SLOT = 1;
const COUNT_BITS = 32n;

/** Progress is kept in whole steps: `Atomics` work on integers only. */
const STEPS = 1_000_000;

/**
 * What the caller and the threads of one run tell each other while the threads compute and read no messages: one
 * shared integer says whether to stop, one per phase how far it is, and one what the best role set is like.
 */
export class RunSignals {
  private readonly slots: Int32Array;
  private readonly bestSlot: BigInt64Array;

  constructor(readonly shared = new SharedArrayBuffer(BEST_BYTES + (FIRST_PHASE_SLOT + MINING_PHASES.length) * 4)) {
    this.bestSlot = new BigInt64Array(shared, 0, 1);
    this.slots = new Int32Array(shared, BEST_BYTES);
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

  /** The least complex role set so far; null before there is any. */
  get best(): RoleSetSoFar | null {
    const packed = Atomics.load(this.bestSlot, 0);
    if (packed === 0n) return null;
    return { roleCount: Number(BigInt.asUintN(32, packed)), complexity: Number(packed >> COUNT_BITS) };
  }

  /** What a phase is given to follow and stop it; from now on it counts as taken up. */
  takeUp(phase: MiningPhase): EngineControl {
    const slot = slotOf(phase);
    Atomics.store(this.slots, slot, 1);
    return {
      onProgress: (fraction) => {
        Atomics.store(this.slots, slot, 1 + Math.round(fraction * STEPS));
      },
      onBest: ({ roleCount, complexity }) => {
        Atomics.store(this.bestSlot, 0, (BigInt(complexity) << COUNT_BITS) | BigInt(roleCount));
      },
      isCancelled: () => this.isCancelled,
      now: () => performance.now(),
    };
  }
}

function slotOf(phase: MiningPhase): number {
  return FIRST_PHASE_SLOT + MINING_PHASES.indexOf(phase);
}

import { minePhase, type MiningPhase, type PhaseResult } from '../engine/index.js';
import type { MiningTask } from './mining-task.js';
import { RunSignals } from './run-signals.js';

/** Runs in a thread of the pool. */
export default function runMiningTask({ phase, organisation, options, signals }: MiningTask): PhaseResult[MiningPhase] {
  return minePhase(phase, organisation, options, new RunSignals(signals).takeUp(phase));
}

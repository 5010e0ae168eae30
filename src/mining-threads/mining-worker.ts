import {
  instantiateKernels,
  minePhase,
  type EngineKernels,
  type MiningPhase,
  type PhaseResult,
} from '../engine/index.js';
import { readKernelBytes } from './kernel-bytes.js';
import type { MiningTask } from './mining-task.js';
import { RunSignals } from './run-signals.js';

/** Kept as long as the thread: a warm instance is many times faster than a new one. */
let kernels: EngineKernels | undefined;

/** Runs in a thread of the pool. */
export default function runMiningTask({ phase, organisation, options, signals }: MiningTask): PhaseResult[MiningPhase] {
  const control = new RunSignals(signals).takeUp(phase);
  kernels ??= instantiateKernels(readKernelBytes());
  return minePhase(phase, organisation, options, control, kernels);
}

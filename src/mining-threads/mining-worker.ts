import {
  instantiateKernels,
  minePhase,
  type EngineKernels,
  type MiningPhase,
  type PhaseResult,
} from '../engine/index.js';
import { readKernelBytes } from './kernel-bytes.js';
import { MiningCancelledError } from './mining.error.js';
import type { HelpTask, PhaseTask } from './mining-task.js';
import { help, withHelp } from './pattern-help.js';
import { RunSignals } from './run-signals.js';

/** Kept as long as the thread: a warm instance is many times faster than a new one. */
let kernels: EngineKernels | undefined;

/** Runs in a thread of the pool. */
export function runPhase({ phase, organisation, options, signals, helpers }: PhaseTask): PhaseResult[MiningPhase] {
  const run = new RunSignals(signals);
  const control = run.takeUp(phase);
  if (run.isCancelled) throw new MiningCancelledError();
  return minePhase(phase, organisation, options, control, withHelp(kernelsOfThread(), helpers));
}

/** Runs in a thread of the pool. */
export function helpWithPatterns({ link, signals }: HelpTask): void {
  const run = new RunSignals(signals);
  help(link, kernelsOfThread(), { isCancelled: () => run.isCancelled });
}

function kernelsOfThread(): EngineKernels {
  return (kernels ??= instantiateKernels(readKernelBytes()));
}

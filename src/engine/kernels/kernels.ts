import type { EngineControl } from '../control.js';
import type { PatternFindings, PatternTask } from '../patterns/pattern-task.js';
import { closedSetKernel, type RepresentationTuning } from './closed-set-kernel.js';

/** The engine's inner loops in WebAssembly. Each thread has its own and keeps it: the first calls are the slow ones. */
export interface EngineKernels {
  /** As `findClosedSets` in `patterns/closed-sets.ts`. */
  readonly findClosedSets: (task: PatternTask, control: EngineControl) => PatternFindings;
}

/**
 * @param bytes the module that `npm run build:kernels` writes
 * @param tuning for tests and measurements
 */
export function instantiateKernels(bytes: Uint8Array<ArrayBuffer>, tuning?: RepresentationTuning): EngineKernels {
  return { findClosedSets: closedSetKernel(new WebAssembly.Module(bytes), tuning) };
}

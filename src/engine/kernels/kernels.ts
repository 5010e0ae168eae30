import type { EngineControl } from '../control.js';
import type { PatternFindings } from '../patterns/found-sets.js';
import type { PatternTask } from '../patterns/pattern-task.js';
import { workOnTask } from '../patterns/work-on-task.js';
import { closedSetKernel, type RepresentationTuning } from './closed-set-kernel.js';

/** The engine's inner loops in WebAssembly. Each thread has its own and keeps it: the first calls are the slow ones. */
export interface EngineKernels {
  /** As `workOnTask` in `patterns/work-on-task.ts`, with the search for closed sets in WebAssembly. */
  readonly workOnPatterns: (task: PatternTask, control: EngineControl) => PatternFindings;
}

/**
 * @param bytes the module that `npm run build:kernels` writes
 * @param tuning for tests and measurements
 */
export function instantiateKernels(bytes: Uint8Array<ArrayBuffer>, tuning?: RepresentationTuning): EngineKernels {
  const findClosedSets = closedSetKernel(new WebAssembly.Module(bytes), tuning);
  return { workOnPatterns: (task, control) => workOnTask(task, control, findClosedSets) };
}

import { workerData } from 'node:worker_threads';
import { instantiateKernels, type EngineKernels } from '../src/engine/kernels/kernels.js';
import { readKernelBytes } from '../src/mining-threads/kernel-bytes.js';
import { help, type HelpLink } from '../src/mining-threads/pattern-help.js';

export interface PatternThreadData {
  readonly link: HelpLink;
  readonly meter: StepMeter;
}

/** CPU microseconds of the helper by step of the search; the leader says which step is at hand. In shared memory. */
export interface StepMeter {
  readonly step: Int32Array;
  readonly micros: Int32Array;
}

export function stepMeter(): StepMeter {
  return { step: new Int32Array(new SharedArrayBuffer(4)), micros: new Int32Array(new SharedArrayBuffer(4000)) };
}

/** Thread CPU microseconds since, user + system. */
export function threadMicros(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
  return user + system;
}

if (workerData !== null) {
  const { link, meter } = workerData as PatternThreadData;
  const kernels = instantiateKernels(readKernelBytes());
  const metered: EngineKernels = {
    workOnPatterns: (task, control) => {
      const step = Atomics.load(meter.step, 0);
      const start = process.threadCpuUsage();
      const findings = kernels.workOnPatterns(task, control);
      Atomics.add(meter.micros, step, threadMicros(start));
      return findings;
    },
  };
  help(link, metered, {});
}

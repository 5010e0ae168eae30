import { parentPort } from 'node:worker_threads';
import { instantiateKernels } from '../src/engine/kernels/kernels.js';
import type { PatternFindings, PatternTask } from '../src/engine/patterns/pattern-task.js';
import { readKernelBytes } from '../src/mining-threads/kernel-bytes.js';

export interface PatternThreadAnswer {
  readonly findings: PatternFindings;
  /** Of this thread. */
  readonly cpuMs: number;
}

const kernels = instantiateKernels(readKernelBytes());

parentPort?.on('message', (task: PatternTask) => {
  const before = process.threadCpuUsage();
  const findings = kernels.findClosedSets(task, {});
  const { user, system } = process.threadCpuUsage(before);
  const answer: PatternThreadAnswer = { findings, cpuMs: (user + system) / 1000 };
  parentPort?.postMessage(answer);
});

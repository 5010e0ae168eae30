import type { EngineControl } from '../control.js';
import { AreaExchange } from '../patterns/area-counts.js';
import { findClosedSets } from '../patterns/closed-sets.js';
import type { PatternFindings } from '../patterns/found-sets.js';
import { claimRoot, type SearchTask } from '../patterns/pattern-task.js';
import { RecordList } from '../patterns/record-list.js';

/** See `assembly/closed-set-kernel.ts`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  prepare(rowCount: number, columnCount: number, length: number): number;
  start(
    minSupport: number,
    supportEnd: number,
    minSize: number,
    limit: number,
    buckets: number,
    areaFloor: number,
  ): number;
  mineRoot(column: number): number;
  finish(): void;
  isExhausted(): number;
  tune(maxBitRows: number, verticalCost: number, minPackFactor: number): void;
}

/** Where one representation of what lies below a set takes over from another: matters to time only. */
export interface RepresentationTuning {
  /** One word per column up to so many rows, at most 64. */
  readonly maxBitRows: number;
  /** Cost of a step over words of bits, a step over list entries costing 6. */
  readonly verticalCost: number;
  /** Bits are moved together when columns become so many times shorter. */
  readonly minPackFactor: number;
}

/** The search for closed sets in an instance of the module that is kept from task to task. */
export function closedSetKernel(
  module: WebAssembly.Module,
  tuning?: RepresentationTuning,
): (task: SearchTask, control: EngineControl) => PatternFindings {
  let atHand: { control: EngineControl; records: RecordList; areas: AreaExchange } | null = null;
  /** Where the kernel counts areas. */
  let countsStart = 0;
  let bucketCount = 0;
  const instance = new WebAssembly.Instance(module, {
    env: {
      checkIn: (lowestBucket: number): boolean => {
        if (atHand === null || atHand.control.isCancelled?.()) return false;
        const own = new Int32Array(kernel.memory.buffer, countsStart, bucketCount);
        const all = new Int32Array(kernel.memory.buffer, countsStart + own.byteLength, bucketCount);
        atHand.areas.exchange(own, all, lowestBucket);
        return true;
      },
      takeRecords: (start: number, length: number, areaFloor: number): void => {
        atHand?.records.addChunk(new Int32Array(kernel.memory.buffer, start, length).slice(), areaFloor);
      },
    },
  });
  const kernel = instance.exports as unknown as KernelExports;
  if (tuning) kernel.tune(tuning.maxBitRows, tuning.verticalCost, tuning.minPackFactor);

  return (task, control) => {
    const claimed: number[] = [];
    const records = new RecordList(task);
    const areas = new AreaExchange(task.areaCounts);
    atHand = { control, records, areas };
    bucketCount = task.areaCounts.length;
    try {
      countsStart = load(kernel, task);
      for (let root = claimRoot(task, control); root >= 0; root = claimRoot(task, control)) {
        claimed.push(root);
        // An exchange for every root, of which most are small, would cost more than it tells.
        if (control.isCancelled?.() === true || !kernel.mineRoot(root)) break;
      }
      kernel.finish();
      return { records: records.chunks() };
    } catch (error) {
      if (!kernel.isExhausted()) throw error;
      areas.takeBack();
      // The memory of the kernel is capped. Slower, but within the memory of the process: begin again without it.
      return findClosedSets(task, control, claimed);
    } finally {
      atHand = null;
    }
  };
}

/** Answers where the kernel counts areas. */
function load(kernel: KernelExports, task: SearchTask): number {
  const { matrix, minSupport, supportEnd, minSize, limit, areaCounts, areaFloor } = task;
  let at = kernel.prepare(matrix.rowCount, matrix.columnCount, matrix.rowColumns.length) / Int32Array.BYTES_PER_ELEMENT;
  const memory = new Int32Array(kernel.memory.buffer);
  for (const array of [
    matrix.rowOffsets,
    matrix.rowWeights,
    matrix.rowMasses,
    matrix.columnOffsets,
    matrix.columnMultiplicities,
    matrix.columnEntitlements,
    matrix.rowColumns,
    matrix.columnRows,
  ]) {
    memory.set(array, at);
    at += array.length;
  }
  return kernel.start(minSupport, supportEnd, minSize, limit, areaCounts.length, areaFloor);
}

import type { EngineControl } from '../control.js';
import { MAX_FLOOR_LIMIT } from '../patterns/area-floor.js';
import { findClosedSets } from '../patterns/closed-sets.js';
import type { PatternFindings } from '../patterns/found-sets.js';
import { claimRoot, raiseAreaFloor, type SearchTask } from '../patterns/pattern-task.js';
import { RecordList } from '../patterns/record-list.js';

/** See `assembly/closed-set-kernel.ts`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  prepare(rowCount: number, columnCount: number, length: number): number;
  start(minSupport: number, supportEnd: number, minSize: number, limit: number): void;
  knowArea(area: number): void;
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

const STOP = -1;

/** The search for closed sets in an instance of the module that is kept from task to task. */
export function closedSetKernel(
  module: WebAssembly.Module,
  tuning?: RepresentationTuning,
): (task: SearchTask, control: EngineControl) => PatternFindings {
  let atHand: { task: SearchTask; control: EngineControl; records: RecordList } | null = null;
  let areaFloor = 0;
  const instance = new WebAssembly.Instance(module, {
    env: {
      checkIn: (known: number): number => {
        if (atHand === null || atHand.control.isCancelled?.()) return STOP;
        areaFloor = raiseAreaFloor(atHand.task, known);
        return areaFloor;
      },
      takeRecords: (start: number, length: number): void => {
        atHand?.records.addChunk(new Int32Array(kernel.memory.buffer, start, length).slice(), areaFloor);
      },
    },
  });
  const kernel = instance.exports as unknown as KernelExports;
  if (tuning) kernel.tune(tuning.maxBitRows, tuning.verticalCost, tuning.minPackFactor);

  return (task, control) => {
    const claimed: number[] = [];
    const records = new RecordList(task);
    atHand = { task, control, records };
    areaFloor = 0;
    try {
      load(kernel, task);
      for (let root = claimRoot(task, control); root >= 0; root = claimRoot(task, control)) {
        claimed.push(root);
        if (!kernel.mineRoot(root)) break;
      }
      kernel.finish();
      return { records: records.chunks() };
    } catch (error) {
      if (!kernel.isExhausted()) throw error;
      // The memory of the kernel is capped. Slower, but within the memory of the process: begin again without it.
      return findClosedSets(task, control, claimed);
    } finally {
      atHand = null;
    }
  };
}

function load(kernel: KernelExports, { matrix, minSupport, supportEnd, minSize, limit, knownAreas }: SearchTask): void {
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
  kernel.start(minSupport, supportEnd, minSize, limit <= MAX_FLOOR_LIMIT ? limit : 0);
  for (const area of knownAreas) kernel.knowArea(area);
}

import { RECORD_HEADER_LENGTH } from './found-sets.js';
import type { SearchTask } from './pattern-task.js';

const CHUNK_LENGTH = 2 ** 14;

/**
 * Closed sets found so far, in chunks: one array that grew spent more time on moving than the search took. Those that
 * have fallen below the floor are dropped whenever the list has doubled.
 */
export class RecordList {
  private full: Int32Array[] = [];
  /** Values in the full chunks. */
  private length = 0;
  private compactAt = 1 << 16;
  /** The chunk that `add` writes to. */
  private chunk = new Int32Array(0);
  private end = 0;
  private readonly hasFloor: boolean;

  constructor(task: SearchTask) {
    this.hasFloor = task.areaCounts.length > 0;
  }

  add(support: number, size: number, generators: readonly number[], floor: number): void {
    const length = RECORD_HEADER_LENGTH + generators.length;
    if (this.end + length > this.chunk.length) {
      this.closeChunk(floor);
      this.chunk = new Int32Array(Math.max(CHUNK_LENGTH, length));
    }
    this.chunk[this.end] = support;
    this.chunk[this.end + 1] = size;
    this.chunk[this.end + 2] = generators.length;
    this.chunk.set(generators, this.end + RECORD_HEADER_LENGTH);
    this.end += length;
  }

  /** @param chunk whole records, as in `PatternFindings`; it is kept */
  addChunk(chunk: Int32Array, floor: number): void {
    if (chunk.length === 0) return;
    this.full.push(chunk);
    this.length += chunk.length;
    if (this.hasFloor && this.length > this.compactAt) {
      this.compact(floor);
      this.compactAt = Math.max(this.compactAt, 2 * this.length);
    }
  }

  /** All that has been added: nothing more can be. */
  chunks(): readonly Int32Array[] {
    this.closeChunk(0);
    return this.full;
  }

  private closeChunk(floor: number): void {
    this.addChunk(this.chunk.slice(0, this.end), floor);
    this.end = 0;
  }

  private compact(floor: number): void {
    const kept = new Int32Array(this.length);
    let end = 0;
    for (const chunk of this.full) {
      for (let at = 0; at < chunk.length;) {
        const next = at + RECORD_HEADER_LENGTH + chunk[at + 2];
        if (chunk[at] * chunk[at + 1] >= floor) {
          for (let k = at; k < next; k++) kept[end++] = chunk[k];
        }
        at = next;
      }
    }
    this.full = [kept.slice(0, end)];
    this.length = end;
  }
}

/** List `i` is `values[offsets[i] .. offsets[i + 1])`. */
export interface Lists {
  readonly count: number;
  readonly offsets: Int32Array;
  readonly values: Int32Array;
  readonly weights: Int32Array;
}

/** Takes lists one after the other and keeps each distinct non-empty one once, with the sum of its weights. */
export class ListGroups {
  private count = 0;
  private length = 0;
  private hash = 0;
  private readonly offsets: Int32Array;
  private readonly values: Int32Array;
  private readonly weights: Int32Array;
  private readonly hashes: Int32Array;
  /** Open addressing; list + 1, 0 is free. */
  private readonly slots: Int32Array;

  constructor(maxLists: number, maxValues: number) {
    this.offsets = new Int32Array(maxLists + 1);
    this.values = new Int32Array(maxValues);
    this.weights = new Int32Array(maxLists);
    this.hashes = new Int32Array(maxLists);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * maxLists + 2)));
  }

  push(value: number): void {
    this.values[this.length++] = value;
    this.hash = Math.imul(this.hash ^ value, 0x9e3779b1);
    this.hash ^= this.hash >>> 15;
  }

  /** Ends the list at hand; true when it is a new one. */
  close(weight: number): boolean {
    const start = this.offsets[this.count];
    const hash = this.hash;
    this.hash = 0;
    if (this.length === start) return false;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== 0) {
      const list = this.slots[slot] - 1;
      if (this.hashes[list] === hash && this.equalsLast(list)) {
        this.weights[list] += weight;
        this.length = start;
        return false;
      }
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = this.count + 1;
    this.hashes[this.count] = hash;
    this.weights[this.count] = weight;
    this.offsets[++this.count] = this.length;
    return true;
  }

  lists(): Lists {
    return { count: this.count, offsets: this.offsets, values: this.values, weights: this.weights };
  }

  private equalsLast(list: number): boolean {
    const start = this.offsets[this.count];
    const from = this.offsets[list];
    const length = this.length - start;
    if (this.offsets[list + 1] - from !== length) return false;
    for (let k = 0; k < length; k++) if (this.values[from + k] !== this.values[start + k]) return false;
    return true;
  }
}

/** For each value the lists that hold it, ascending. */
export function transpose(lists: Lists, valueCount: number): { offsets: Int32Array; values: Int32Array } {
  const end = lists.offsets[lists.count];
  const offsets = new Int32Array(valueCount + 1);
  for (let at = 0; at < end; at++) offsets[lists.values[at] + 1]++;
  for (let v = 0; v < valueCount; v++) offsets[v + 1] += offsets[v];
  const values = new Int32Array(end);
  const fill = offsets.slice(0, valueCount);
  for (let list = 0; list < lists.count; list++) {
    for (let at = lists.offsets[list]; at < lists.offsets[list + 1]; at++) values[fill[lists.values[at]]++] = list;
  }
  return { offsets, values };
}

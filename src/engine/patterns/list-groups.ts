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
  private readonly offsets: Int32Array;
  private readonly values: Int32Array;
  private readonly weights: Int32Array;
  private readonly hashes: Int32Array;
  /** Open addressing; list + 1, 0 is free. */
  private readonly slots: Int32Array;

  constructor(maxLists: number, maxValues: number) {
    this.offsets = new Int32Array(maxLists + 1);
    // One more: `add` writes a value before it knows whether to keep it.
    this.values = new Int32Array(maxValues + 1);
    this.weights = new Int32Array(maxLists);
    this.hashes = new Int32Array(maxLists);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * maxLists + 2)));
  }

  /**
   * Takes the list `source[from .. end)`, each value replaced by its number; values with number -1 are left out.
   * Answers which list it is, -1 when nothing is left of it.
   */
  add(source: Int32Array, from: number, end: number, numbers: Int32Array, weight: number): number {
    const { values } = this;
    const start = this.offsets[this.count];
    let length = start;
    // No branch: whether a value stays is as good as random, and a mispredicted branch costs more than a write.
    for (let at = from; at < end; at++) {
      const number = numbers[source[at]];
      values[length] = number;
      length += (number >>> 31) ^ 1;
    }
    let hash = 0;
    for (let at = start; at < length; at++) {
      hash = Math.imul(hash ^ values[at], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return this.keep(length, hash, weight);
  }

  /** Takes the list `source[from .. end)`, the same lists with the same hash. Answers as `add`. */
  addHashed(source: Int32Array, from: number, end: number, hash: number, weight: number): number {
    const { values } = this;
    let length = this.offsets[this.count];
    for (let at = from; at < end; at++) values[length++] = source[at];
    return this.keep(length, hash, weight);
  }

  /** Keeps the list that has been written behind the last one, up to `length`, if it is new. */
  private keep(length: number, hash: number, weight: number): number {
    const { hashes, offsets, slots } = this;
    const start = offsets[this.count];
    if (length === start) return -1;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const list = slots[slot] - 1;
      if (hashes[list] === hash && this.equals(list, start, length)) {
        this.weights[list] += weight;
        return list;
      }
    }
    const list = this.count++;
    slots[slot] = this.count;
    hashes[list] = hash;
    this.weights[list] = weight;
    offsets[this.count] = length;
    return list;
  }

  lists(): Lists {
    return { count: this.count, offsets: this.offsets, values: this.values, weights: this.weights };
  }

  private equals(list: number, start: number, end: number): boolean {
    const from = this.offsets[list];
    if (this.offsets[list + 1] - from !== end - start) return false;
    for (let k = 0; start + k < end; k++) if (this.values[from + k] !== this.values[start + k]) return false;
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

import type { IntegerLists } from '../engine/index.js';

/** Collects lists of integers one after the other in typed arrays that double when full. */
export class IntegerListBuilder {
  private readonly offsets: Int32Array;
  private values = new Int32Array(1024);
  private listCount = 0;
  private length = 0;

  constructor(listCount: number) {
    this.offsets = new Int32Array(listCount + 1);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  endList(): void {
    this.offsets[++this.listCount] = this.length;
  }

  build(): IntegerLists {
    return { offsets: this.offsets, values: this.values.slice(0, this.length) };
  }
}

/** Which lists each value is in: list `v` of the result holds the numbers of the lists with `v`, ascending. */
export function transposeLists(lists: IntegerLists, valueCount: number): IntegerLists {
  const offsets = new Int32Array(valueCount + 1);
  for (const value of lists.values) offsets[value + 1]++;
  for (let value = 0; value < valueCount; value++) offsets[value + 1] += offsets[value];
  const fill = offsets.slice(0, valueCount);
  const values = new Int32Array(lists.values.length);
  for (let list = 0; list + 1 < lists.offsets.length; list++) {
    for (let at = lists.offsets[list]; at < lists.offsets[list + 1]; at++) values[fill[lists.values[at]]++] = list;
  }
  return { offsets, values };
}

export function listAt(lists: IntegerLists, index: number): Int32Array {
  return lists.values.subarray(lists.offsets[index], lists.offsets[index + 1]);
}

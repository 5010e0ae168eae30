/** Sets of permissions as rows of bits, by slot; grows as slots are written. */
export class PermissionBits {
  /** 32-bit words a slot. */
  readonly words: number;
  data: Int32Array;

  constructor(permissionCount: number, slots: number) {
    this.words = Math.max(1, (permissionCount + 31) >> 5);
    this.data = new Int32Array(slots * this.words);
  }

  write(slot: number, set: Int32Array): void {
    const at = slot * this.words;
    if (at + this.words > this.data.length) {
      const grown = new Int32Array(2 * (at + this.words));
      grown.set(this.data);
      this.data = grown;
    }
    this.data.set(set, at);
  }

  setOf(permissions: readonly number[]): Int32Array {
    const set = new Int32Array(this.words);
    for (const permission of permissions) set[permission >> 5] |= 1 << (permission & 31);
    return set;
  }

  /** Whether everything in `inner` is in `outer`. */
  isSubset(inner: number, outer: number): boolean {
    const { data, words } = this;
    let a = inner * words;
    let b = outer * words;
    for (const end = a + words; a < end; a++, b++) if ((data[a] & ~data[b]) !== 0) return false;
    return true;
  }

  permissionsOf(slot: number): number[] {
    return members(this.data.subarray(slot * this.words, (slot + 1) * this.words));
  }
}

/** Numbers of the bits that are set, ascending. */
export function members(set: Int32Array): number[] {
  const found: number[] = [];
  for (let word = 0; word < set.length; word++) {
    for (let left = set[word]; left !== 0; left &= left - 1) found.push((word << 5) + 31 - Math.clz32(left & -left));
  }
  return found;
}

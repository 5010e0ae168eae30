/** Counts by key, a non-negative integer up to 2⁵³, in an open-addressed table: 12 bytes a slot, at most half full. */
export class PairCounter {
  private keys = new Float64Array(1 << 16).fill(-1);
  private counts = new Int32Array(1 << 16);
  private size = 0;

  add(key: number, count: number): void {
    if (2 * this.size >= this.keys.length) this.grow();
    const slot = this.slotOf(key);
    if (this.keys[slot] < 0) {
      this.keys[slot] = key;
      this.size++;
    }
    this.counts[slot] += count;
  }

  /** In no particular order, though the same one for the same additions. */
  forEach(visit: (key: number, count: number) => void): void {
    for (let slot = 0; slot < this.keys.length; slot++) {
      if (this.keys[slot] >= 0) visit(this.keys[slot], this.counts[slot]);
    }
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = Math.imul(key % 4294967291, 0x9e3779b1);
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.keys[slot] >= 0 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Float64Array(keys.length * 2).fill(-1);
    this.counts = new Int32Array(keys.length * 2);
    for (let old = 0; old < keys.length; old++) {
      if (keys[old] < 0) continue;
      const slot = this.slotOf(keys[old]);
      this.keys[slot] = keys[old];
      this.counts[slot] = counts[old];
    }
  }
}

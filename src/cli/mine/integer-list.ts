/** Integers of which nobody knows how many will come: four bytes each, where an array of numbers takes eight and more. */
export class IntegerList {
  length = 0;
  private values = new Int32Array(1024);

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Int32Array(2 * this.length);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  /** A view, valid until the next `push`. */
  toArray(): Int32Array {
    return this.values.subarray(0, this.length);
  }
}

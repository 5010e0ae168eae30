import type { IntegerLists } from '../organisation.js';

/** Words of a signature: 128 bits reject nearly every chance candidate among sets of up to a hundred elements. */
const SIGNATURE_WORDS = 4;

/**
 * Sets in the order of a similarity join: by ascending size, their elements renumbered by rarity and ascending, so that
 * the rarest comes first. Empty sets are left out. A set is named by its place in this order.
 */
export class RankedSets {
  readonly count: number;
  readonly elementCount: number;
  /** Where in the input the set of each place was; ascending among sets of the same size. */
  readonly positions: Int32Array;
  /** Set `place` is `elements[offsets[place] .. offsets[place + 1])`. */
  readonly offsets: Int32Array;
  readonly elements: Int32Array;
  private readonly signatures: Int32Array;

  constructor(sets: IntegerLists) {
    const sizeAt = (position: number): number => sets.offsets[position + 1] - sets.offsets[position];
    this.positions = Int32Array.from({ length: sets.offsets.length - 1 }, (_, position) => position)
      .filter((position) => sizeAt(position) > 0)
      .sort((a, b) => sizeAt(a) - sizeAt(b) || a - b);
    this.count = this.positions.length;

    const rank = ranksByRarity(sets.values);
    this.elementCount = rank.length;
    this.offsets = new Int32Array(this.count + 1);
    this.elements = new Int32Array(sets.values.length);
    this.signatures = new Int32Array(this.count * SIGNATURE_WORDS);
    for (let place = 0; place < this.count; place++) {
      const position = this.positions[place];
      const from = this.offsets[place];
      const to = from + sizeAt(position);
      this.offsets[place + 1] = to;
      for (let at = from; at < to; at++) {
        const element = rank[sets.values[sets.offsets[position] + at - from]];
        this.elements[at] = element;
        this.signatures[place * SIGNATURE_WORDS + ((element >> 5) % SIGNATURE_WORDS)] |= 1 << (element & 31);
      }
      this.elements.subarray(from, to).sort();
    }
  }

  sizeOf(place: number): number {
    return this.offsets[place + 1] - this.offsets[place];
  }

  /**
   * Whether two sets may differ in at most `difference` elements: each bit in which their signatures differ stands for
   * one that only one of them has (Sandes, Teodoro, Melo: "Bitmap filter", Information Systems 2020).
   */
  mayDifferByAtMost(difference: number, a: number, b: number): boolean {
    let bits = 0;
    for (let word = 0; word < SIGNATURE_WORDS; word++) {
      bits += bitCount(this.signatures[a * SIGNATURE_WORDS + word] ^ this.signatures[b * SIGNATURE_WORDS + word]);
    }
    return bits <= difference;
  }

  /** How many elements two sets share; 0 as soon as it cannot be `required` any more. */
  sharedAtLeast(required: number, a: number, b: number): number {
    const { elements } = this;
    let atA = this.offsets[a];
    let atB = this.offsets[b];
    const endA = this.offsets[a + 1];
    const endB = this.offsets[b + 1];
    let missesLeftA = endA - atA - required;
    let missesLeftB = endB - atB - required;
    let shared = 0;
    while (atA < endA && atB < endB) {
      const order = elements[atA] - elements[atB];
      if (order === 0) shared++;
      if (order <= 0) atA++;
      if (order >= 0) atB++;
      if (order < 0 && --missesLeftA < 0) return 0;
      if (order > 0 && --missesLeftB < 0) return 0;
    }
    return shared >= required ? shared : 0;
  }
}

function ranksByRarity(values: Int32Array): Int32Array {
  const elementCount = values.reduce((most, value) => Math.max(most, value + 1), 0);
  const frequency = new Int32Array(elementCount);
  for (const value of values) frequency[value]++;
  const rank = new Int32Array(elementCount);
  Int32Array.from(rank.keys())
    .sort((a, b) => frequency[a] - frequency[b] || a - b)
    .forEach((value, at) => (rank[value] = at));
  return rank;
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

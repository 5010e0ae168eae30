// Looked up once: under jest's module contexts every access to a global costs some 100 ns.
const { clz32, imul } = Math;

/** Number of bits set in a 32-bit word. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Position of the lowest bit set in a 32-bit word that is not 0. */
export function lowestBit(word: number): number {
  return 31 - clz32(word & -word);
}

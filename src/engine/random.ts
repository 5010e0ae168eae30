/**
 * A seeded pseudo-random generator: xoshiro128** (Blackman & Vigna, "Scrambled linear pseudorandom number
 * generators", 2021), its state filled from the seed by SplitMix32. The same seed gives the same numbers everywhere.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @param seed any 32-bit integer */
  constructor(seed: number) {
    let state = seed | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next() | 1; // a state of four zeros would stay there
  }

  /** 0 to 2³² − 1. */
  uint32(): number {
    const scrambled = Math.imul(this.b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** An integer from 0 to n − 1, for n up to 2³²; the bias is below n / 2³². */
  below(n: number): number {
    return Math.floor((this.uint32() / 0x1_0000_0000) * n);
  }

  /** 0 inclusive to 1 exclusive, 32 random bits. */
  float(): number {
    return this.uint32() / 0x1_0000_0000;
  }
}

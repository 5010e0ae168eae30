/**
 * Seeded pseudo-random numbers: xoshiro128** by Blackman and Vigna ("Scrambled linear pseudorandom number generators",
 * ACM TOMS 2021), its state filled from the seed by splitmix32. The engine's only source of randomness, so the same
 * seed always takes the same course. Not for secrets.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @param seed its lowest 32 bits are used */
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
    this.d = next();
  }

  /** Uniform in 0 … 2³² − 1. */
  uint32(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** Uniform in 0 … n − 1, with a bias of at most n ÷ 2³² (a rejection loop would cost more than it is worth here). */
  below(n: number): number {
    return Math.floor(this.float() * n);
  }

  /** Uniform in [0, 1), 32 bits. */
  float(): number {
    return this.uint32() * 2.3283064365386963e-10;
  }
}

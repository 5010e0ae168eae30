/** Words that say nothing by themselves. */
const FILLERS = new Set(['and', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with', 'access', 'entitlement']);

/** A word occurs in "most" entitlements from this share on. */
const COMMON_SHARE = 0.75;

/** At most so many words are put together. */
const MOST_WORDS = 2;

/** The words of all entitlement names: split once, asked for once per candidate. */
export class EntitlementWords {
  private readonly wordsOf: readonly (readonly string[])[];
  /** By word in lower case: in how many names it occurs. */
  private readonly nameCount = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.wordsOf = names.map((name) => distinctWords(name));
    for (const words of this.wordsOf) {
      for (const word of words) {
        const key = word.toLowerCase();
        this.nameCount.set(key, (this.nameCount.get(key) ?? 0) + 1);
      }
    }
  }

  /**
   * What most of the entitlements have in their names and the rest of the organisation has less: up to two words, in
   * the order in which the first of them has them, none of those in `known`.
   */
  commonWords(entitlements: Int32Array, known: readonly string[]): string[] {
    const skip = new Set(known.flatMap((text) => distinctWords(text).map((word) => word.toLowerCase())));
    const found = new Map<string, { word: string; count: number; order: number }>();
    for (const entitlement of entitlements) {
      for (const [order, word] of this.wordsOf[entitlement].entries()) {
        const key = word.toLowerCase();
        if (skip.has(key) || FILLERS.has(key)) continue;
        const seen = found.get(key);
        if (seen) seen.count++;
        else found.set(key, { word, count: 1, order: found.size + order / 1024 });
      }
    }
    const score = ({ word, count }: { word: string; count: number }): number =>
      (count / entitlements.length) * Math.log(1 + this.wordsOf.length / this.nameCount.get(word.toLowerCase())!);
    return [...found.values()]
      .filter(({ count }) => count >= COMMON_SHARE * entitlements.length)
      .sort((a, b) => score(b) - score(a) || a.order - b.order)
      .slice(0, MOST_WORDS)
      .sort((a, b) => a.order - b.order)
      .map(({ word }) => word);
  }
}

/** Runs of letters or of letters and digits, also `camelCase` apart; numbers alone and single letters are no words. */
function distinctWords(text: string): string[] {
  const words = text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => /\p{L}/u.test(word) && [...word].length > 1);
  const seen = new Set<string>();
  return words.filter((word) => {
    const key = word.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
}

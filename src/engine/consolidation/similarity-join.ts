import type { EngineControl } from '../control.js';
import type { RankedSets } from './ranked-sets.js';
import { RequiredOverlap } from './required-overlap.js';
import type { StrongestPairs } from './strongest-pairs.js';

/** Sets between two questions whether to stop. */
const CANCEL_INTERVAL = 64;

/**
 * Offers `pairs` every pair of sets whose Jaccard index × 100 reaches its threshold, which may rise meanwhile: a
 * set-similarity self-join after AllPairs (Bayardo, Ma, Srikant: "Scaling up all pairs similarity search", WWW 2007)
 * and PPJoin (Xiao, Wang, Lin, Yu: "Efficient similarity joins for near-duplicate detection", WWW 2008).
 *
 * Two sets that share enough must share one of their rarest elements, so only a prefix of each is indexed and looked
 * up. Partners that are too small are skipped, and so are those for which too little is left behind the first shared
 * element. The rest is compared by signatures, then by a merge that gives up early. Counting the shared elements of
 * the prefixes instead, as PPJoin does, took three times as long (20,000 sets of 30, 2,000 elements, 70%: 1.06 s, not 0.31 s).
 *
 * Each unordered pair is offered at most once, by position in the input: the larger set first, the lower position on a
 * tie. At least one element is shared, whatever the threshold.
 */
export function joinSimilarSets(sets: RankedSets, pairs: StrongestPairs, control: EngineControl = {}): void {
  const { offsets, elements, positions } = sets;
  const required = new RequiredOverlap(sets.count === 0 ? 0 : sets.sizeOf(sets.count - 1));
  const index = new PrefixIndex(sets);
  const lastComparedWith = new Int32Array(sets.count).fill(-1);

  for (let place = 0; place < sets.count; place++) {
    if (place % CANCEL_INTERVAL === 0) {
      if (control.isCancelled?.() === true) return;
      control.onProgress?.(place / sets.count);
    }
    required.raiseTo(pairs.thresholdPercent);
    const size = sets.sizeOf(place);
    const smallest = required.smallestPartner(size);
    for (let rank = 0; rank <= size - smallest; rank++) {
      const element = elements[offsets[place] + rank];
      const end = index.end[element];
      let at = index.start[element];
      while (at < end && sets.sizeOf(index.places[at]) < smallest) at++;
      // Sizes and threshold only grow: what is too small now is too small for good.
      index.start[element] = at;
      for (; at < end; at++) {
        const other = index.places[at];
        const otherSize = sets.sizeOf(other);
        const needed = required.of(size + otherSize);
        // Places ascend by size, and a larger partner needs more: nobody behind this one finds enough left either.
        if (size - rank < needed) break;
        if (lastComparedWith[other] === place) continue;
        lastComparedWith[other] = place;
        if (otherSize - index.ranks[at] < needed) continue;
        if (!sets.mayDifferByAtMost(size + otherSize - 2 * needed, place, other)) continue;
        const shared = sets.sharedAtLeast(needed, place, other);
        if (shared === 0) continue;
        const percent = (100 * shared) / (size + otherSize - shared);
        if (size > otherSize) pairs.offer(positions[place], positions[other], percent);
        else pairs.offer(positions[other], positions[place], percent);
      }
    }
    index.add(place, size - required.of(2 * size) + 1);
  }
}

/** For each element, the sets that have it in their prefix, by ascending place, and its rank in each of them. */
class PrefixIndex {
  /** The entries of an element are `start[element] .. end[element]`. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly places: Int32Array;
  readonly ranks: Int32Array;

  constructor(private readonly sets: RankedSets) {
    const starts = new Int32Array(sets.elementCount + 1);
    for (const element of sets.elements) starts[element + 1]++;
    for (let element = 0; element < sets.elementCount; element++) starts[element + 1] += starts[element];
    this.start = starts.slice(0, sets.elementCount);
    this.end = this.start.slice();
    this.places = new Int32Array(sets.elements.length);
    this.ranks = new Int32Array(sets.elements.length);
  }

  add(place: number, prefixLength: number): void {
    const from = this.sets.offsets[place];
    for (let rank = 0; rank < prefixLength; rank++) {
      const entry = this.end[this.sets.elements[from + rank]]++;
      this.places[entry] = place;
      this.ranks[entry] = rank;
    }
  }
}

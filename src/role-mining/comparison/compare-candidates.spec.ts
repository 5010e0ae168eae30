import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCandidates, type ComparedCandidate, type ComparedPair } from './compare-candidates.js';

const candidate = (id: string, entitlements: string): ComparedCandidate => ({ id, entitlementIds: [...entitlements] });
const summary = ({ change, current, earlier }: ComparedPair<ComparedCandidate>): string =>
  `${earlier?.id ?? '-'} ${change} ${current?.id ?? '-'}`;

describe('compareCandidates', () => {
  it('tells what stayed, changed, appeared and vanished', () => {
    const earlier = [candidate('a', 'xyz'), candidate('b', 'pqrs'), candidate('c', 'mn')];
    const current = [candidate('A', 'zyx'), candidate('B', 'pqrt'), candidate('D', 'kl')];
    expect(compareCandidates(current, earlier).map(summary)).toEqual([
      'a stayed A',
      'b changed B',
      '- appeared D',
      'c vanished -',
    ]);
  });

  it('pairs the most alike first', () => {
    const earlier = [candidate('a', 'pqrst'), candidate('b', 'pqr')];
    const current = [candidate('A', 'pqrs')];
    const pairs = compareCandidates(current, earlier);
    expect(pairs.map(summary)).toEqual(['a changed A', 'b vanished -']);
    expect(pairs[0].similarity).toBeCloseTo(0.8);
  });

  it('takes what shares less than half for something else', () => {
    expect(compareCandidates([candidate('A', 'pqr')], [candidate('a', 'pst')]).map(summary)).toEqual([
      '- appeared A',
      'a vanished -',
    ]);
    expect(compareCandidates([candidate('A', 'pq')], [candidate('a', 'p')]).map(summary)).toEqual(['a changed A']);
  });

  const runs = fc
    .array(fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 6 }), { maxLength: 8 })
    .map((sets) => sets.map((set, index): ComparedCandidate => ({ id: `${index}`, entitlementIds: set.map(String) })));

  it('is the greedy pairing over all pairs, in any order of the lists', () => {
    fc.assert(
      fc.property(runs, runs, (current, earlier) => {
        const pairs = compareCandidates(current, earlier);
        expect(pairs.map(({ similarity }) => similarity)).toEqual(similaritiesByBruteForce(current, earlier));
        const others = compareCandidates(current.toReversed(), earlier.toReversed());
        expect(others.map(summary).sort()).toEqual(pairs.map(summary).sort());
        const ids = (side: 'current' | 'earlier'): string[] => pairs.flatMap((pair) => pair[side]?.id ?? []).sort();
        expect(ids('current')).toEqual(current.map(({ id }) => id).sort());
        expect(ids('earlier')).toEqual(earlier.map(({ id }) => id).sort());
      }),
    );
  });
});

/** Takes the best of all pairs that are left, again and again; then those without a counterpart. */
function similaritiesByBruteForce(
  current: readonly ComparedCandidate[],
  earlier: readonly ComparedCandidate[],
): number[] {
  const left = new Set(earlier);
  const open = new Set(current);
  const found: number[] = [];
  for (;;) {
    const best = [...open]
      .flatMap((one) => [...left].map((other) => ({ one, other, similarity: jaccard(one, other) })))
      .filter(({ similarity }) => similarity >= 0.5)
      .sort(
        (a, b) =>
          b.similarity - a.similarity || a.one.id.localeCompare(b.one.id) || a.other.id.localeCompare(b.other.id),
      )
      .at(0);
    if (best === undefined) return [...found, ...Array.from({ length: open.size + left.size }, () => 0)];
    open.delete(best.one);
    left.delete(best.other);
    found.push(best.similarity);
  }
}

function jaccard(a: ComparedCandidate, b: ComparedCandidate): number {
  const both = a.entitlementIds.filter((id) => b.entitlementIds.includes(id)).length;
  return both / new Set([...a.entitlementIds, ...b.entitlementIds]).size;
}

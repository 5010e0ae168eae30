/** A candidate as far as runs are compared by it. */
export interface ComparedCandidate {
  readonly id: string;
  /** Each once. */
  readonly entitlementIds: readonly string[];
}

export const CANDIDATE_CHANGES = ['appeared', 'changed', 'stayed', 'vanished'] as const;
export type CandidateChange = (typeof CANDIDATE_CHANGES)[number];

/** What has become of a candidate from an earlier run to a later one. */
export interface ComparedPair<T extends ComparedCandidate> {
  readonly change: CandidateChange;
  /** Null when it has vanished. */
  readonly current: T | null;
  /** Null when it has appeared. */
  readonly earlier: T | null;
  /** Shared entitlements ÷ entitlements of both (Jaccard): 1 when it stayed, 0 when it has no counterpart. */
  readonly similarity: number;
}

/** Candidates that share less of their entitlements are two candidates, not a changed one. */
const MINIMUM_SIMILARITY = 0.5;

/**
 * Pairs the candidates of two runs one to one: those with the same entitlements first, then those that are most alike,
 * best pair first (ties by id). Deterministic, whatever the order of the lists.
 *
 * The candidates that can be alike enough are found as in set-similarity joins (Bayardo, Ma, Srikant: "Scaling up all
 * pairs similarity search", WWW 2007): two sets with a Jaccard similarity of at least t share one of the rarest
 * |x| − ⌈t·|x|⌉ + 1 entitlements of either set.
 */
export function compareCandidates<T extends ComparedCandidate>(
  current: readonly T[],
  earlier: readonly T[],
): ComparedPair<T>[] {
  const pairs: ComparedPair<T>[] = [];
  const remaining = new Map(earlier.toSorted(byId).map((candidate) => [keyOf(candidate), candidate]));
  const unpaired = new Set<T>(earlier);
  const changed: T[] = [];
  for (const candidate of current.toSorted(byId)) {
    const key = keyOf(candidate);
    const same = remaining.get(key);
    if (same === undefined) {
      changed.push(candidate);
    } else {
      remaining.delete(key);
      unpaired.delete(same);
      pairs.push({ change: 'stayed', current: candidate, earlier: same, similarity: 1 });
    }
  }
  const open = new Set(changed);
  for (const pair of alikePairs(changed, [...unpaired].sort(byId))) {
    if (!open.has(pair.current) || !unpaired.has(pair.earlier)) continue;
    open.delete(pair.current);
    unpaired.delete(pair.earlier);
    pairs.push({ change: 'changed', ...pair });
  }
  for (const candidate of open) pairs.push({ change: 'appeared', current: candidate, earlier: null, similarity: 0 });
  for (const candidate of unpaired)
    pairs.push({ change: 'vanished', current: null, earlier: candidate, similarity: 0 });
  return pairs;
}

interface AlikePair<T> {
  readonly current: T;
  readonly earlier: T;
  readonly similarity: number;
}

/** All pairs that are alike enough, best first. */
function alikePairs<T extends ComparedCandidate>(current: readonly T[], earlier: readonly T[]): AlikePair<T>[] {
  const frequency = new Map<string, number>();
  for (const { entitlementIds } of [...current, ...earlier]) {
    for (const id of entitlementIds) frequency.set(id, (frequency.get(id) ?? 0) + 1);
  }
  const rarest = ({ entitlementIds }: T): string[] =>
    entitlementIds
      .toSorted((a, b) => frequency.get(a)! - frequency.get(b)! || (a < b ? -1 : 1))
      .slice(0, entitlementIds.length - Math.ceil(MINIMUM_SIMILARITY * entitlementIds.length) + 1);
  const byEntitlement = new Map<string, T[]>();
  for (const candidate of earlier) {
    for (const id of rarest(candidate)) {
      const holders = byEntitlement.get(id);
      if (holders) holders.push(candidate);
      else byEntitlement.set(id, [candidate]);
    }
  }
  const pairs: AlikePair<T>[] = [];
  for (const candidate of current) {
    const own = new Set(candidate.entitlementIds);
    const possible = new Set(rarest(candidate).flatMap((id) => byEntitlement.get(id) ?? []));
    for (const other of possible) {
      const shared = other.entitlementIds.filter((id) => own.has(id)).length;
      const similarity = shared / (own.size + other.entitlementIds.length - shared);
      if (similarity >= MINIMUM_SIMILARITY) pairs.push({ current: candidate, earlier: other, similarity });
    }
  }
  return pairs.sort((a, b) => b.similarity - a.similarity || byId(a.current, b.current) || byId(a.earlier, b.earlier));
}

function keyOf({ entitlementIds }: ComparedCandidate): string {
  return entitlementIds.toSorted().join();
}

function byId(a: ComparedCandidate, b: ComparedCandidate): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

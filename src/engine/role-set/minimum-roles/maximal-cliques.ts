/**
 * All maximal cliques of a compatibility graph (Bron & Kerbosch, CACM 1973, with the pivot of Tomita, Tanaka &
 * Takahashi, Theor. Comput. Sci. 2006), on bit sets.
 */
import { bitCount, lowestBit } from './bits.js';
import { intersectWithRow, rowWord, type CompatibilityGraph } from './compatibility-graph.js';
import type { SearchBudget } from './search-budget.js';

/** Vertices looked at for a pivot. */
const PIVOT_SAMPLE = 16;

/** @returns ascending vertices of each clique; null when they are more than `limit`, the work is used up, or stopped */
export function maximalCliques(
  graph: CompatibilityGraph,
  limit: number,
  workLimit: number,
  budget: SearchBudget,
): Int32Array[] | null {
  const { size, words } = graph;
  const cliques: Int32Array[] = [];
  const clique: number[] = [];
  const workEnd = budget.work + workLimit;
  const all = new Int32Array(words);
  for (let vertex = 0; vertex < size; vertex++) all[vertex >>> 5] |= 1 << (vertex & 31);
  return extend(all, new Int32Array(words)) ? cliques : null;

  /** `candidates` may extend the clique; with one of `done` it was extended before. False to give up. */
  function extend(candidates: Int32Array, done: Int32Array): boolean {
    const pivot = choosePivot(candidates, done);
    if (pivot < 0) {
      if (cliques.length === limit) return false;
      cliques.push(Int32Array.from(clique).sort());
      return true;
    }
    for (let word = 0; word < words; word++) {
      let branches = candidates[word] & ~rowWord(graph, pivot, word);
      if (pivot >>> 5 === word) branches |= candidates[word] & (1 << (pivot & 31));
      for (; branches !== 0; branches &= branches - 1) {
        budget.spend(3 * words);
        if (budget.stopped || budget.work > workEnd) return false;
        const bit = branches & -branches;
        const vertex = word * 32 + lowestBit(bit);
        candidates[word] ^= bit;
        const nextCandidates = candidates.slice();
        const nextDone = done.slice();
        intersectWithRow(graph, vertex, nextCandidates);
        intersectWithRow(graph, vertex, nextDone);
        clique.push(vertex);
        if ((nextDone.every((value) => value === 0) || anyBit(nextCandidates)) && !extend(nextCandidates, nextDone)) {
          return false;
        }
        clique.pop();
        done[word] |= bit;
      }
    }
    return true;
  }

  /** The vertex that leaves the fewest branches among a sample; −1 when nothing is left to extend with. */
  function choosePivot(candidates: Int32Array, done: Int32Array): number {
    let pivot = -1;
    let most = -1;
    let looked = 0;
    for (const set of [candidates, done]) {
      for (let word = 0; word < words && looked < PIVOT_SAMPLE; word++) {
        for (let bits = set[word]; bits !== 0 && looked < PIVOT_SAMPLE; bits &= bits - 1, looked++) {
          const vertex = word * 32 + lowestBit(bits);
          let kept = 0;
          for (let k = 0; k < words; k++) kept += bitCount(candidates[k] & rowWord(graph, vertex, k));
          if (kept > most) {
            most = kept;
            pivot = vertex;
          }
        }
      }
    }
    budget.spend(4 * looked * words);
    return pivot;
  }
}

function anyBit(set: Int32Array): boolean {
  return set.some((value) => value !== 0);
}

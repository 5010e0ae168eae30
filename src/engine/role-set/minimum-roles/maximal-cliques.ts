/**
 * All maximal cliques of a compatibility graph (Bron & Kerbosch, CACM 1973, with the pivot of Tomita, Tanaka &
 * Takahashi, Theor. Comput. Sci. 2006), on bit sets. As Eppstein, Löffler & Strash (ISAAC 2010) do for sparse graphs,
 * each vertex in turn is the first of its cliques, and the search below it sees its neighbours only.
 */
import { bitCount, lowestBit } from './bits.js';
import { rowWord, type CompatibilityGraph } from './compatibility-graph.js';
import type { SearchBudget } from './search-budget.js';

/** Vertices looked at for a pivot: 16 made five times as many branches on kernels of 2,000 edges, all of them no fewer. */
const PIVOT_SAMPLE = 64;

/** @returns ascending vertices of each clique; null when they are more than `limit`, the work is used up, or stopped */
export function maximalCliques(
  graph: CompatibilityGraph,
  limit: number,
  workLimit: number,
  budget: SearchBudget,
): Int32Array[] | null {
  const cliques: Int32Array[] = [];
  const workEnd = budget.work + workLimit;
  for (let first = 0; first < graph.size; first++) {
    const neighbours = neighboursOf(graph, first);
    const work = graph.words + 4 * neighbours.length * neighbours.length;
    if (budget.work + work > workEnd) return null;
    budget.spend(work);
    const found = new Neighbourhood(graph, first, neighbours).cliques(limit - cliques.length, workEnd, budget);
    if (found === null) return null;
    cliques.push(...found);
  }
  return cliques;
}

/** The compatible vertices, without the vertex itself. */
function neighboursOf(graph: CompatibilityGraph, vertex: number): number[] {
  const neighbours: number[] = [];
  for (let word = 0; word < graph.words; word++) {
    for (let bits = rowWord(graph, vertex, word); bits !== 0; bits &= bits - 1) {
      const other = word * 32 + lowestBit(bits);
      if (other !== vertex) neighbours.push(other);
    }
  }
  return neighbours;
}

/** The graph among the neighbours of a vertex, renumbered: bit rows are as short as it has neighbours. */
class Neighbourhood {
  private readonly first: number;
  private readonly neighbours: readonly number[];
  private readonly words: number;
  private readonly rows: Int32Array;
  private readonly clique: number[] = [];
  private readonly found: Int32Array[] = [];

  constructor(graph: CompatibilityGraph, first: number, neighbours: readonly number[]) {
    this.first = first;
    this.neighbours = neighbours;
    this.words = Math.ceil(neighbours.length / 32);
    this.rows = new Int32Array(neighbours.length * this.words);
    for (let a = 0; a < neighbours.length; a++) {
      for (let b = 0; b < neighbours.length; b++) {
        if (a === b) continue;
        if ((rowWord(graph, neighbours[a], neighbours[b] >>> 5) >>> (neighbours[b] & 31)) & 1) {
          this.rows[a * this.words + (b >>> 5)] |= 1 << (b & 31);
        }
      }
    }
  }

  /** Maximal cliques in which `first` is the lowest vertex; null to give up. */
  cliques(limit: number, workEnd: number, budget: SearchBudget): Int32Array[] | null {
    const candidates = new Int32Array(this.words);
    const done = new Int32Array(this.words);
    this.neighbours.forEach((vertex, at) => {
      (vertex > this.first ? candidates : done)[at >>> 5] |= 1 << (at & 31);
    });
    return this.extend(candidates, done, limit, workEnd, budget) ? this.found : null;
  }

  /** `candidates` may extend the clique; with one of `done` it was extended before. False to give up. */
  private extend(
    candidates: Int32Array,
    done: Int32Array,
    limit: number,
    workEnd: number,
    budget: SearchBudget,
  ): boolean {
    const { words, rows } = this;
    const pivot = this.choosePivot(candidates, done, budget);
    if (pivot < 0) {
      if (this.found.length >= limit) return false;
      this.found.push(Int32Array.of(this.first, ...this.clique.map((at) => this.neighbours[at])).sort());
      return true;
    }
    for (let word = 0; word < words; word++) {
      for (let branches = candidates[word] & ~rows[pivot * words + word]; branches !== 0; branches &= branches - 1) {
        budget.spend(10 + 3 * words);
        if (budget.stopped || budget.work > workEnd) return false;
        const bit = branches & -branches;
        const vertex = word * 32 + lowestBit(branches);
        candidates[word] ^= bit;
        const nextCandidates = new Int32Array(words);
        const nextDone = new Int32Array(words);
        let candidateBits = 0;
        let doneBits = 0;
        for (let k = 0; k < words; k++) {
          candidateBits |= nextCandidates[k] = candidates[k] & rows[vertex * words + k];
          doneBits |= nextDone[k] = done[k] & rows[vertex * words + k];
        }
        if (candidateBits !== 0 || doneBits === 0) {
          this.clique.push(vertex);
          if (!this.extend(nextCandidates, nextDone, limit, workEnd, budget)) return false;
          this.clique.pop();
        }
        done[word] |= bit;
      }
    }
    return true;
  }

  /** The vertex that leaves the fewest branches among a sample; −1 when nothing is left to extend with. */
  private choosePivot(candidates: Int32Array, done: Int32Array, budget: SearchBudget): number {
    const { words, rows } = this;
    let pivot = -1;
    let most = -1;
    let looked = 0;
    for (const set of [candidates, done]) {
      for (let word = 0; word < words && looked < PIVOT_SAMPLE; word++) {
        for (let bits = set[word]; bits !== 0 && looked < PIVOT_SAMPLE; bits &= bits - 1, looked++) {
          const vertex = word * 32 + lowestBit(bits);
          let kept = 0;
          for (let k = 0; k < words; k++) kept += bitCount(candidates[k] & rows[vertex * words + k]);
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

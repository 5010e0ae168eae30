/**
 * Lower bound on the number of roles: edges no two of which lie in one biclique each need a role of their own. Such a
 * set is an independent set of the compatibility graph; it is built by minimum degree and enlarged by swaps of one
 * vertex for two and forced insertions (Andrade, Resende & Werneck, "Fast local search for the maximum independent set
 * problem", J. Heuristics 2012).
 */
import { bitCount, lowestBit } from './bits.js';
import type { SeededRandom } from '../../random.js';
import { areCompatible, rowWord, type CompatibilityGraph } from './compatibility-graph.js';
import type { SearchBudget } from './search-budget.js';

/** Pairs tried for one swap; dense graphs have far more. */
const SWAP_WORK = 20_000;

/** Degree updates of the construction; beyond it the degrees stay as they are: a weaker start, not a wrong one. */
const DEGREE_WORK = 50_000_000;

export class IndependentEdges {
  /** Size of the largest set found. */
  best = 0;
  private readonly graph: CompatibilityGraph;
  private readonly random: SeededRandom;
  private readonly budget: SearchBudget;
  private readonly inSet: Uint8Array;
  /** `inSet` when `best` was reached. */
  private bestInSet: Uint8Array;
  private count = 0;
  /** Members compatible with each vertex: their number, and the xor of their ids (the id itself when it is one). */
  private readonly tightness: Int32Array;
  private readonly tightXor: Int32Array;
  /** Moves since the start of the step: `v` was inserted, `~v` was taken out. */
  private log: number[] = [];
  /** Members whose neighbourhood changed: a swap may have become possible. */
  private readonly pending: number[] = [];
  private readonly isPending: Uint8Array;

  constructor(graph: CompatibilityGraph, random: SeededRandom, budget: SearchBudget) {
    this.graph = graph;
    this.random = random;
    this.budget = budget;
    this.inSet = new Uint8Array(graph.size);
    this.bestInSet = this.inSet;
    this.isPending = new Uint8Array(graph.size);
    this.tightness = new Int32Array(graph.size);
    this.tightXor = new Int32Array(graph.size);
  }

  /** Minimum degree first, then all swaps. */
  construct(): void {
    const { size } = this.graph;
    const begunAt = this.budget.work;
    const degrees = this.degrees(begunAt);
    const open = new Uint8Array(size).fill(1);
    const workLimit = this.budget.work + DEGREE_WORK;
    while (!this.budget.constructionEnded(begunAt)) {
      let chosen = -1;
      for (let vertex = 0; vertex < size; vertex++) {
        if (open[vertex] && (chosen < 0 || degrees[vertex] < degrees[chosen])) chosen = vertex;
      }
      this.budget.spend(size);
      if (chosen < 0) break;
      this.insert(chosen);
      const closed: number[] = [];
      this.forEachNeighbour(chosen, (vertex) => {
        if (open[vertex]) closed.push(vertex);
        open[vertex] = 0;
      });
      for (const vertex of closed) {
        if (this.budget.work > workLimit) break;
        this.forEachNeighbour(vertex, (other) => degrees[other]--);
      }
    }
    if (!this.budget.stopped) this.swapAll();
    this.keepBest();
    this.log = [];
  }

  /** Vertices of the largest set found, ascending. */
  bestSet(): number[] {
    return Array.from(this.bestInSet.keys()).filter((vertex) => this.bestInSet[vertex] === 1);
  }

  /** One forced insertion with the swaps that it makes possible; whether `best` grew. */
  step(): boolean {
    const { size } = this.graph;
    const before = this.count;
    this.log = [];
    let chosen = -1;
    for (let k = 0; k < 4; k++) {
      const vertex = this.random.below(size);
      if (this.inSet[vertex]) continue;
      if (chosen < 0 || this.tightness[vertex] < this.tightness[chosen]) chosen = vertex;
    }
    if (chosen < 0) return false;
    this.force(chosen);
    this.swapAll();
    if (this.count > this.best) {
      this.keepBest();
      return true;
    }
    const loss = before - this.count;
    if (loss > 0 && this.random.float() * (1 + loss * (this.best - this.count)) >= 1) this.undo();
    return false;
  }

  private keepBest(): void {
    this.best = this.count;
    this.bestInSet = this.inSet.slice();
  }

  private forEachNeighbour(vertex: number, visit: (other: number) => void): void {
    const { words } = this.graph;
    let visited = 0;
    for (let word = 0; word < words; word++) {
      for (let bits = rowWord(this.graph, vertex, word); bits !== 0; bits &= bits - 1) {
        visit(word * 32 + lowestBit(bits));
        visited++;
      }
    }
    this.budget.spend(words + 4 * visited);
  }

  /** 0 for those that there was no time for. */
  private degrees(begunAt: number): Int32Array {
    const { size, words } = this.graph;
    return Int32Array.from({ length: size }, (_, vertex) => {
      let degree = 0;
      if (this.budget.constructionEnded(begunAt)) return degree;
      for (let word = 0; word < words; word++) degree += bitCount(rowWord(this.graph, vertex, word));
      this.budget.spend(4 * words);
      return degree;
    });
  }

  private insert(vertex: number): void {
    this.inSet[vertex] = 1;
    this.count++;
    this.log.push(vertex);
    this.review(vertex);
    this.forEachNeighbour(vertex, (other) => {
      this.tightness[other]++;
      this.tightXor[other] ^= vertex;
    });
  }

  /** Vertices that became free are appended to `free`. */
  private takeOut(vertex: number, free: number[]): void {
    this.inSet[vertex] = 0;
    this.count--;
    this.log.push(~vertex);
    this.forEachNeighbour(vertex, (other) => {
      this.tightXor[other] ^= vertex;
      const tightness = --this.tightness[other];
      if (tightness === 0) free.push(other);
      else if (tightness === 1) this.review(this.tightXor[other]);
    });
  }

  private force(vertex: number): void {
    const free: number[] = [];
    const conflicting: number[] = [];
    this.forEachNeighbour(vertex, (other) => {
      if (this.inSet[other]) conflicting.push(other);
    });
    for (const member of conflicting) this.takeOut(member, free);
    this.insert(vertex);
    this.fill(free);
  }

  /** Inserts the free vertices among these in random order. */
  private fill(free: number[]): void {
    for (let last = free.length; last > 0; last--) {
      const at = this.random.below(last);
      const vertex = free[at];
      free[at] = free[last - 1];
      if (this.tightness[vertex] === 0) this.insert(vertex);
    }
  }

  private review(member: number): void {
    if (this.isPending[member]) return;
    this.isPending[member] = 1;
    this.pending.push(member);
  }

  private swapAll(): void {
    while (this.pending.length > 0 && !this.budget.cancelled) {
      const member = this.pending.pop()!;
      this.isPending[member] = 0;
      if (this.inSet[member]) this.swapForTwo(member);
    }
  }

  /** Replaces the member by two vertices that only it keeps out and that are not compatible, if there are such. */
  private swapForTwo(member: number): void {
    const keptOut: number[] = [];
    this.forEachNeighbour(member, (other) => {
      if (this.tightness[other] === 1 && other !== member) keptOut.push(other);
    });
    let pairs = 0;
    for (let k = 0; k < keptOut.length && pairs < SWAP_WORK; k++) {
      pairs += keptOut.length - k;
      for (let j = k + 1; j < keptOut.length; j++) {
        if (areCompatible(this.graph, keptOut[k], keptOut[j])) continue;
        const free: number[] = [];
        this.takeOut(member, free);
        this.insert(keptOut[k]);
        this.insert(keptOut[j]);
        this.fill(free);
        this.budget.spend(pairs);
        return;
      }
    }
    this.budget.spend(pairs);
  }

  private undo(): void {
    const log = this.log;
    for (let k = log.length - 1; k >= 0; k--) {
      if (log[k] >= 0) this.takeOut(log[k], []);
      else this.insert(~log[k]);
    }
    for (const member of this.pending) this.isPending[member] = 0;
    this.pending.length = 0;
    this.log = [];
  }
}

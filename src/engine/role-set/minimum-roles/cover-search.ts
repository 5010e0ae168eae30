/**
 * A small cover of a compatibility graph by cliques: greedy construction, then large-neighbourhood search (Shaw, CP
 * 1998; Schrimpf et al., "Record breaking optimization results using the ruin and recreate principle", J. Comput.
 * Phys. 2000): take out a few related cliques, cover what they leave by no more, keep the result if it is not worse.
 * Equal results are kept: most of the way leads over plateaus.
 */
import { bitCount, lowestBit } from './bits.js';
import type { SeededRandom } from '../../random.js';
import { CliqueBuilder } from './clique-builder.js';
import { CliqueCover } from './clique-cover.js';
import { rowWord, type CompatibilityGraph } from './compatibility-graph.js';
import type { SearchBudget } from './search-budget.js';

const LEAST_RUIN = 2;
const LARGEST_RUIN = 13;
/** Counted for a step besides what it does to vertices. */
const STEP_OVERHEAD = 5_000;

/** How much choices are blurred; a step takes one of them. */
const NOISES = [0, 0.3, 1];

export class CoverSearch {
  private cover: CliqueCover;
  private readonly graph: CompatibilityGraph;
  private readonly random: SeededRandom;
  private readonly budget: SearchBudget;
  private readonly builder: CliqueBuilder;

  /** Starts from `initial`, which must cover every vertex. */
  constructor(graph: CompatibilityGraph, initial: readonly Int32Array[], random: SeededRandom, budget: SearchBudget) {
    this.graph = graph;
    this.random = random;
    this.budget = budget;
    this.builder = new CliqueBuilder(graph, random, budget);
    this.cover = this.coverOf(initial);
  }

  get count(): number {
    return this.cover.count;
  }

  /** The cliques of the best cover so far, as ascending vertices. */
  cliques(): Int32Array[] {
    return this.cover.members();
  }

  /** Builds a cover greedily from nothing and keeps it if it is smaller; keeps the present one when it must end before. */
  construct(): void {
    const cover = new CliqueCover(this.graph);
    let uncovered = Array.from({ length: this.graph.size }, (_, vertex) => vertex);
    const begunAt = this.budget.work;
    while (uncovered.length > 0) {
      if (this.budget.constructionEnded(begunAt)) return;
      const redundant: number[] = [];
      cover.add(this.builder.build(uncovered, cover, 0), redundant);
      for (const slot of redundant) if (cover.unique[slot] === 0) cover.remove(slot, []);
      this.budget.spend(uncovered.length);
      uncovered = uncovered.filter((vertex) => cover.cliquesOf[vertex].length === 0);
    }
    if (cover.count < this.count) this.cover = cover;
  }

  /** Takes over cliques that cover every vertex. */
  replace(cliques: readonly Int32Array[]): void {
    this.cover = this.coverOf(cliques);
  }

  /** One ruin and recreate; whether the cover got smaller. Needs at least two cliques. */
  step(): boolean {
    const { cover, random } = this;
    const before = cover.count;
    this.budget.spend(STEP_OVERHEAD);
    const taken: Int32Array[] = [];
    const uncovered: number[] = [];
    this.ruin(taken, uncovered);
    const added: Int32Array[] = [];
    const addedSlots: number[] = [];
    const noise = NOISES[random.below(NOISES.length)];
    let open = uncovered;
    while (open.length > 0 && cover.count < before && !this.budget.stopped) {
      const clique = this.builder.build(open, cover, noise);
      const redundant: number[] = [];
      const slot = cover.add(clique, redundant);
      added.push(clique);
      addedSlots.push(slot);
      for (const candidate of redundant) {
        if (cover.unique[candidate] !== 0) continue;
        const members = cover.remove(candidate, []);
        const position = addedSlots.indexOf(candidate);
        if (position < 0) {
          taken.push(members);
        } else {
          added.splice(position, 1);
          addedSlots.splice(position, 1);
        }
      }
      open = open.filter((vertex) => cover.cliquesOf[vertex].length === 0);
      this.budget.spend(clique.length * 2 + open.length);
    }
    if (open.length > 0) {
      for (const slot of addedSlots) cover.remove(slot, []);
      for (const members of taken) cover.add(members, []);
      return false;
    }
    return cover.count < before;
  }

  private coverOf(cliques: readonly Int32Array[]): CliqueCover {
    const cover = new CliqueCover(this.graph);
    for (const clique of cliques) cover.add(clique, []);
    return cover;
  }

  /** Takes out related cliques: each next one holds a vertex compatible with a vertex of one already taken. */
  private ruin(taken: Int32Array[], uncovered: number[]): void {
    const { cover, random } = this;
    const wanted = Math.min(cover.count, LEAST_RUIN + random.below(LARGEST_RUIN - LEAST_RUIN + 1));
    this.takeOut(cover.slots[random.below(cover.count)], taken, uncovered);
    for (let tries = 4 * wanted; tries > 0 && taken.length < wanted; tries--) {
      const clique = taken[random.below(taken.length)];
      const neighbour = this.randomNeighbour(clique[random.below(clique.length)]);
      const slots = cover.cliquesOf[neighbour];
      if (slots.length > 0) this.takeOut(slots[random.below(slots.length)], taken, uncovered);
    }
  }

  private takeOut(slot: number, taken: Int32Array[], uncovered: number[]): void {
    const members = this.cover.remove(slot, uncovered);
    taken.push(members);
    this.budget.spend(members.length * 2);
  }

  /** A compatible vertex, the next one from a random position on (near enough to uniform); possibly itself. */
  private randomNeighbour(vertex: number): number {
    const { words } = this.graph;
    const shift = this.random.below(words);
    for (let k = 0; k < words; k++) {
      const word = (shift + k) % words;
      let bits = rowWord(this.graph, vertex, word);
      if (bits === 0) continue;
      this.budget.spend(k);
      for (let skip = this.random.below(bitCount(bits)); skip > 0; skip--) bits &= bits - 1;
      return word * 32 + lowestBit(bits);
    }
    return vertex;
  }
}

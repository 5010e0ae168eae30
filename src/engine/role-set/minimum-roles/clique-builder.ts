/**
 * Grows one clique of a compatibility graph for vertices that still need a cover: seed with the fewest neighbours among
 * them, growth by the candidate that keeps most candidates, then extension to a maximal clique over all vertices.
 */
import { lowestBit } from './bits.js';
import type { SeededRandom } from '../../random.js';
import type { CliqueCover } from './clique-cover.js';
import { intersectWithRow, type CompatibilityGraph } from './compatibility-graph.js';
import type { SearchBudget } from './search-budget.js';

/** Vertices that one choice looks at, each judged by the others: from longer lists, as many at even distances. */
const CHOICE_SAMPLE = 160;
/** Candidates looked at for each growth of the maximal extension. */
const EXTENSION_SAMPLE = 6;

export class CliqueBuilder {
  private readonly graph: CompatibilityGraph;
  private readonly random: SeededRandom;
  private readonly budget: SearchBudget;
  /** Vertices compatible with every member of the clique at hand. */
  private readonly common: Int32Array;
  private readonly userIn: Int32Array;
  private readonly permissionIn: Int32Array;
  private stamp = 0;
  private readonly scratch: Int32Array;
  private readonly outside: Int32Array;
  private readonly sample = new Int32Array(CHOICE_SAMPLE);
  /** Vertices of the last sample that are compatible with all of it: they cost no candidate, so they join at once. */
  private readonly universal: number[] = [];

  constructor(graph: CompatibilityGraph, random: SeededRandom, budget: SearchBudget) {
    this.graph = graph;
    this.random = random;
    this.budget = budget;
    this.common = new Int32Array(graph.words);
    this.userIn = new Int32Array(graph.userCount);
    this.permissionIn = new Int32Array(graph.permissionCount);
    this.scratch = new Int32Array(graph.size);
    this.outside = new Int32Array(graph.size);
  }

  /**
   * A clique that covers at least one vertex of `wanted` (not empty), maximal unless it has to end before.
   *
   * @param noise 0 chooses greedily; larger values blur each score by up to that factor
   */
  build(wanted: readonly number[], cover: CliqueCover, noise: number): Int32Array {
    const begunAt = this.budget.work;
    this.start(this.chooseSeed(wanted, noise));
    let candidates = 0;
    for (const vertex of wanted) if (this.isCommon(vertex) && !this.isIn(vertex)) this.scratch[candidates++] = vertex;
    this.budget.spend(wanted.length);
    while (candidates > 0 && !this.budget.constructionEnded(begunAt)) {
      this.join(candidates === 1 ? this.scratch[0] : this.chooseCandidate(candidates, noise));
      for (const vertex of this.universal) if (this.isCommon(vertex) && !this.isIn(vertex)) this.join(vertex);
      let kept = 0;
      for (let k = 0; k < candidates; k++) {
        const vertex = this.scratch[k];
        if (this.isCommon(vertex) && !this.isIn(vertex)) this.scratch[kept++] = vertex;
      }
      this.budget.spend(candidates);
      candidates = kept;
    }
    return this.extend(cover, begunAt);
  }

  private start(seed: number): void {
    this.stamp++;
    this.common.fill(-1);
    this.join(seed);
  }

  /** Takes `vertex`, which must be common, into the clique. */
  private join(vertex: number): void {
    intersectWithRow(this.graph, vertex, this.common);
    this.userIn[this.graph.users[vertex]] = this.stamp;
    this.permissionIn[this.graph.permissions[vertex]] = this.stamp;
    this.budget.spend(this.graph.words);
  }

  private isCommon(vertex: number): boolean {
    return ((this.common[vertex >>> 5] >>> (vertex & 31)) & 1) !== 0;
  }

  /** An edge between a user and a permission of the clique is in it: it constrains nothing further. */
  private isIn(vertex: number): boolean {
    return (
      this.userIn[this.graph.users[vertex]] === this.stamp &&
      this.permissionIn[this.graph.permissions[vertex]] === this.stamp
    );
  }

  /** The vertex of the list with the fewest compatible vertices in it. */
  private chooseSeed(wanted: readonly number[], noise: number): number {
    return this.choose(wanted, wanted.length, -1, noise);
  }

  /** The candidate that leaves most candidates. */
  private chooseCandidate(candidates: number, noise: number): number {
    return this.choose(this.scratch, candidates, 1, noise);
  }

  /** The vertex among the first `total` of the list with the best `sign` × number of compatible vertices among them. */
  private choose(list: ArrayLike<number>, total: number, sign: 1 | -1, noise: number): number {
    const { words, users, permissions, userRows, permissionRows } = this.graph;
    const sample = total < CHOICE_SAMPLE ? total : CHOICE_SAMPLE;
    for (let k = 0; k < sample; k++) this.sample[k] = list[((k * total) / sample) | 0];
    const shift = this.random.below(sample);
    this.budget.spend(2 * sample * sample);
    this.universal.length = 0;
    let best = -1;
    let bestScore = -Infinity;
    for (let k = 0; k < sample; k++) {
      const vertex = this.sample[(shift + k) % sample];
      const userBase = users[vertex] * words;
      const permissionBase = permissions[vertex] * words;
      let kept = 0;
      for (let j = 0; j < sample; j++) {
        const other = this.sample[j];
        const word = other >>> 5;
        kept += ((userRows[userBase + word] & permissionRows[permissionBase + word]) >>> (other & 31)) & 1;
      }
      if (kept === sample) this.universal.push(vertex);
      const score = sign * kept * (noise > 0 ? 1 + noise * this.random.float() : 1);
      if (score > bestScore) {
        bestScore = score;
        best = vertex;
      }
    }
    return best;
  }

  /**
   * Takes in further vertices until the clique is maximal, those first that the fewest other cliques cover: so other
   * cliques become redundant. The common vertices are the clique once none lies outside users × permissions.
   */
  private extend(cover: CliqueCover, begunAt: number): Int32Array {
    const { words } = this.graph;
    while (!this.budget.constructionEnded(begunAt)) {
      let outside = 0;
      for (let word = 0; word < words; word++) {
        for (let bits = this.common[word]; bits !== 0; bits &= bits - 1) {
          const vertex = word * 32 + lowestBit(bits);
          if (!this.isIn(vertex)) this.outside[outside++] = vertex;
        }
      }
      this.budget.spend(2 * words + 4 * outside);
      if (outside === 0) break;
      let chosen = -1;
      let fewest = Infinity;
      for (let k = 0; k < EXTENSION_SAMPLE; k++) {
        const vertex = this.outside[this.random.below(outside)];
        const coverers = cover.cliquesOf[vertex].length;
        if (coverers < fewest) {
          fewest = coverers;
          chosen = vertex;
        }
      }
      this.join(chosen);
    }
    const members: number[] = [];
    for (let word = 0; word < words; word++) {
      for (let bits = this.common[word]; bits !== 0; bits &= bits - 1) {
        const vertex = word * 32 + lowestBit(bits);
        if (this.isIn(vertex)) members.push(vertex);
      }
    }
    this.budget.spend(members.length);
    return Int32Array.from(members);
  }
}

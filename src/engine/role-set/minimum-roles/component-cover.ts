import type { SeededRandom } from '../../random.js';
import { compatibilityGraphOf, type CompatibilityGraph } from './compatibility-graph.js';
import { CoverSearch } from './cover-search.js';
import type { EdgeComponent } from './edge-component.js';
import { IndependentEdges } from './independent-edges.js';
import { maximalCliques } from './maximal-cliques.js';
import type { SearchBudget } from './search-budget.js';
import { searchSetCover } from './set-cover-search.js';
import { setCoverOf } from './set-cover.js';
import { coverByStars } from './star-cover.js';

/** Steps of the cover search, and at most as many of the bound, before the next component has its turn. */
const SLICE = 64;

/** Work of the first attempt at an exact solution; each further attempt may spend four times as much. */
const FIRST_EXACT_WORK = 5_000_000;
const EXACT_WORK_GROWTH = 4;

/** Entries of maximal cliques that an exact attempt may hold, per unit of its work. */
const CLIQUES_PER_WORK = 1 / 1000;

/** The search for the smallest cover of one component, with its lower bound. */
export class ComponentCover {
  lowerBound = 1;
  private readonly component: EdgeComponent;
  private readonly budget: SearchBudget;
  private readonly stars: Int32Array[];
  private readonly graph: CompatibilityGraph | null = null;
  /** null when it had to end before there was one: the stars have to do. */
  private readonly search: CoverSearch | null = null;
  private readonly independent: IndependentEdges | null = null;
  private exactWork = FIRST_EXACT_WORK;
  private workSinceExact = Infinity;

  /** Builds the first solution and bound. */
  constructor(component: EdgeComponent, random: SeededRandom, budget: SearchBudget) {
    this.component = component;
    this.budget = budget;
    this.stars = coverByStars(component);
    this.graph = budget.cancelled ? null : compatibilityGraphOf(component, budget);
    if (this.graph === null) return;
    this.search = new CoverSearch(this.graph, this.stars, random, budget);
    this.search.construct();
    this.independent = new IndependentEdges(this.graph, random, budget);
    this.independent.construct();
    this.lowerBound = Math.max(1, this.independent.best);
  }

  get count(): number {
    return this.search?.count ?? this.stars.length;
  }

  get proven(): boolean {
    return this.lowerBound === this.count;
  }

  /** A slice of the search, or an exact attempt when the search has spent twice what the attempt may. */
  improve(): void {
    const { search, independent, graph, budget } = this;
    if (search === null || independent === null || graph === null) return;
    const before = budget.work;
    if (this.workSinceExact >= 2 * this.exactWork) {
      this.solveExactly(search, graph);
      this.exactWork *= EXACT_WORK_GROWTH;
      this.workSinceExact = 0;
      return;
    }
    for (let k = 0; k < SLICE && !this.proven && !budget.stopped; k++) {
      search.step();
      // Once the set cover bound is better, independent edges hardly ever catch up with it.
      if (this.lowerBound === independent.best) {
        independent.step();
        this.lowerBound = independent.best;
      }
      budget.step();
    }
    this.workSinceExact += budget.work - before;
  }

  /** Edge ids no two of which are compatible, as many as the independent set has that the search has found. */
  independentEdges(): number[] {
    const vertices = this.independent?.bestSet() ?? [];
    return vertices.length === 0 ? [this.component.edges[0]] : vertices.map((vertex) => this.component.edges[vertex]);
  }

  /** Edge ids of each clique of the best cover. */
  classes(): Int32Array[] {
    const cliques = this.search?.cliques() ?? this.stars;
    return cliques.map((clique) => clique.map((vertex) => this.component.edges[vertex]));
  }

  /** Set cover by maximal cliques, when they can be listed and the work suffices. */
  private solveExactly(search: CoverSearch, graph: CompatibilityGraph): void {
    const cliques = maximalCliques(graph, this.exactWork * CLIQUES_PER_WORK, this.exactWork, this.budget);
    if (cliques === null) return;
    const problem = setCoverOf(graph.size, cliques);
    const { cover, lowerBound } = searchSetCover(problem, search.count, this.exactWork, this.budget);
    if (cover !== null) search.replace(cover.map((id) => cliques[id]));
    this.lowerBound = Math.max(this.lowerBound, lowerBound);
  }
}

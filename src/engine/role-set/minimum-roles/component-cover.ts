import type { SeededRandom } from '../../random.js';
import { compatibilityGraphOf, type CompatibilityGraph } from './compatibility-graph.js';
import { CoverSearch } from './cover-search.js';
import type { EdgeComponent } from './edge-component.js';
import { IndependentEdges } from './independent-edges.js';
import type { SearchBudget } from './search-budget.js';
import { coverByStars } from './star-cover.js';

/** Steps of the cover search, and as many of the bound, before the next component has its turn. */
const SLICE = 64;

/** The search for the smallest cover of one component, with its lower bound. */
export class ComponentCover {
  lowerBound = 1;
  private readonly component: EdgeComponent;
  private readonly budget: SearchBudget;
  private readonly stars: Int32Array[];
  /** null when cancelled before there was one: the stars have to do. */
  private readonly search: CoverSearch | null = null;
  private readonly independent: IndependentEdges | null = null;

  /** Builds the first solution and bound. */
  constructor(component: EdgeComponent, random: SeededRandom, budget: SearchBudget) {
    this.component = component;
    this.budget = budget;
    this.stars = coverByStars(component);
    const graph: CompatibilityGraph | null = budget.cancelled ? null : compatibilityGraphOf(component, budget);
    if (graph === null) return;
    this.search = new CoverSearch(graph, this.stars, random, budget);
    this.search.construct();
    this.independent = new IndependentEdges(graph, random, budget);
    this.independent.construct();
    this.lowerBound = this.independent.best;
  }

  get proven(): boolean {
    return this.lowerBound === (this.search?.count ?? this.stars.length);
  }

  /** A slice of the search. */
  improve(): void {
    if (this.search === null || this.independent === null) return;
    for (let k = 0; k < SLICE && !this.proven && !this.budget.stopped; k++) {
      this.search.step();
      this.independent.step();
      this.lowerBound = Math.max(this.lowerBound, this.independent.best);
      this.budget.step();
    }
  }

  /** Edge ids of each clique of the best cover. */
  classes(): Int32Array[] {
    const cliques = this.search?.cliques() ?? this.stars;
    return cliques.map((clique) => clique.map((vertex) => this.component.edges[vertex]));
  }
}

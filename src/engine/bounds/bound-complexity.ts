import { SeededRandom } from '../random.js';
import type { ReducedRole } from '../role-set/search/expand-roles.js';
import type { SearchMeter } from '../role-set/search/search-meter.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';
import { type BicliqueEdges, BicliquePricer, VALUE_SCALE, withEdges } from './biclique-pricer.js';
import { componentsOfEdges, type EdgeComponents } from './connected-components.js';
import { listMaximalBicliques } from './maximal-bicliques.js';
import { ProximalDual } from './proximal-dual.js';
import { repairValues } from './repair-values.js';
import { spreadKnownRoles } from './starting-values.js';

// Looked up once: under jest's module contexts every access to a global costs some 100 ns.
const { ceil, floor } = Math;

/** Above these there is no bound: pricing all maximal bicliques once would take more than about 20 ms. */
const BICLIQUE_LIMIT = 20_000;
const EDGE_LIMIT = 4_000_000;
/** Of the meter's budget, for listing the maximal bicliques. */
const LISTING_SHARE = 0.5;

/** Sweeps before and after the violated bicliques of a step are added. */
const FIRST_SWEEPS = 12;
const SECOND_SWEEPS = 8;

/** Share of the sum that repair takes away: with less the next step may go further, with more it goes less far. */
const SMALL_LOSS = 0.0005;
const LARGE_LOSS = 0.005;
const FURTHER = 1.1;
const NEARER = 0.9;

/** The sum has converged when so many steps have not raised it by this much, in units of complexity. */
const IDLE_STEPS = 25;
const LEAST_GAIN = 0.05;

export interface BoundOptions {
  /** The cost model: whether an assignment may stay direct at the cost of its weight. Bounds don't carry over. */
  readonly withDirect: boolean;
  readonly seed: number;
  /** A solution, for the values to begin with; what it leaves uncovered is direct. Nothing is asked of it. */
  readonly knownRoles: readonly ReducedRole[];
  /** Complexity of a solution, `Infinity` for none: a bound that meets it cannot rise any more. */
  readonly knownComplexity: number;
}

/** Why there is no bound: one clause without a full stop. */
export interface NoComplexityBound {
  readonly lowerBound: null;
  readonly reason: string;
}

export interface ComplexityBound {
  /** No role set has a smaller weighted structural complexity. */
  readonly lowerBound: number;
  /**
   * What proves it: a value for every edge of the reduced matrix, a whole number of millionths, such that no biclique is
   * worth more than its cost 1 + users + permissions, and, with direct assignments, no edge more than its weight.
   */
  readonly values: Float64Array;
}

/**
 * A lower bound for weighted structural complexity: covering every edge by bicliques is a weighted set cover, and any
 * edge values that no biclique of a cover can exceed by its cost add up to at most the cost of every cover (linear
 * programming duality). The values come from a proximal-point method and are then made valid in exact arithmetic, so the
 * bound holds wherever the method stops. Users, permissions and roles of a connected component of the matrix are counted
 * in whole numbers, so every component's sum is rounded up.
 *
 * The optimum of the reduced matrix is that of the original: of equal users, all may take the roles of the one with the
 * fewest roles and direct assignments, and likewise for permissions. Thresholds only take roles away, so the bound with
 * direct assignments holds, less tightly, whatever a role has to reach.
 *
 * @returns no bound when there are too many maximal bicliques, or when `meter` stops while they are listed
 */
export function boundComplexity(
  upa: WeightedUpa,
  { withDirect, seed, knownRoles, knownComplexity }: BoundOptions,
  meter: SearchMeter,
): ComplexityBound | NoComplexityBound {
  meter.allow(LISTING_SHARE);
  const maximal = listMaximalBicliques(upa, BICLIQUE_LIMIT, EDGE_LIMIT, meter);
  if (maximal === null) return { lowerBound: null, reason: reasonForNone(meter) };
  meter.allow(1);
  const bicliques = maximal.map((biclique) => withEdges(upa, biclique));
  const components = componentsOfEdges(upa);
  const pricer = new BicliquePricer(upa, bicliques, meter);
  const dual = new ProximalDual(upa, withDirect ? upa.edgeWeights : null, new SeededRandom(seed), meter);
  spreadKnownRoles(upa, knownRoles, dual);

  let best = valid(upa, bicliques, dual, pricer, components);
  let mark = best.sum;
  for (let idleSteps = 0; best.lowerBound < knownComplexity && idleSteps < IDLE_STEPS && !meter.mustStop();) {
    dual.startStep();
    dual.sweep(FIRST_SWEEPS);
    if (constrainViolated(bicliques, dual, pricer).length > 0) dual.sweep(SECOND_SWEEPS);
    const next = valid(upa, bicliques, dual, pricer, components);
    if (next.loss < SMALL_LOSS) dual.reach *= FURTHER;
    else if (next.loss > LARGE_LOSS) dual.reach *= NEARER;
    if (next.lowerBound > best.lowerBound || (next.lowerBound === best.lowerBound && next.sum > best.sum)) best = next;
    idleSteps++;
    if (best.sum < mark + LEAST_GAIN) continue;
    mark = best.sum;
    idleSteps = 0;
  }
  return { lowerBound: best.lowerBound, values: best.values };
}

function reasonForNone({ stoppedBy }: SearchMeter): string {
  if (stoppedBy === 'cancelled') return 'the search was cancelled before there was a bound';
  if (stoppedBy !== null) return 'listing all maximal bicliques takes more than the budget of the bound';
  return `there are more than ${BICLIQUE_LIMIT} maximal bicliques, or more than ${EDGE_LIMIT} assignments in them together`;
}

/** Valid values, what they prove, their sum, and the share of it that making them valid has cost. */
interface ValidValues extends ComplexityBound {
  readonly sum: number;
  readonly loss: number;
}

function valid(
  upa: WeightedUpa,
  bicliques: readonly BicliqueEdges[],
  dual: ProximalDual,
  pricer: BicliquePricer,
  components: EdgeComponents,
): ValidValues {
  const violated = constrainViolated(bicliques, dual, pricer);
  const values = wholeValues(dual);
  const before = total(values);
  repairValues(upa, violated, values, pricer);
  const after = total(values);
  const sums = new Float64Array(components.count);
  for (let edge = 0; edge < values.length; edge++) sums[components.ofEdge[edge]] += values[edge];
  const lowerBound = sums.reduce((bound, sum) => bound + ceil(sum / VALUE_SCALE), 0);
  return { lowerBound, values, sum: after / VALUE_SCALE, loss: before === 0 ? 0 : (before - after) / before };
}

/** The maximal bicliques within which one is worth more than it costs; the worst of each becomes a constraint. */
function constrainViolated(
  bicliques: readonly BicliqueEdges[],
  dual: ProximalDual,
  pricer: BicliquePricer,
): BicliqueEdges[] {
  const values = wholeValues(dual);
  return bicliques.filter((biclique) => {
    if (!pricer.findViolated(biclique, values)) return false;
    dual.constrain(biclique, pricer.users, pricer.permissions);
    return true;
  });
}

function wholeValues(dual: ProximalDual): Float64Array {
  return dual.values.map((value) => floor(value * VALUE_SCALE));
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

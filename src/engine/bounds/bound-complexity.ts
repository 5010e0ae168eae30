import { SeededRandom } from '../random.js';
import type { ReducedRole } from '../role-set/search/expand-roles.js';
import type { SearchMeter } from '../role-set/search/search-meter.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';
import { BicliquePricer, type BicliqueEdges, VALUE_SCALE, withEdges } from './biclique-pricer.js';
import { componentsOfEdges } from './connected-components.js';
import { listMaximalBicliques } from './maximal-bicliques.js';
import { ProximalDual } from './proximal-dual.js';
import { repairValues } from './repair-values.js';

const BICLIQUE_LIMIT = 20_000;
const EDGE_LIMIT = 4_000_000;
export const P = { sweeps: 20, rounds: 3, reach: 0.3, debug: false, sw2: 20 };

export interface ComplexityBound { bound: number; values: Float64Array }

export function boundComplexity(
  upa: WeightedUpa,
  withDirect: boolean,
  knownRoles: readonly ReducedRole[],
  knownComplexity: number,
  meter: SearchMeter,
): ComplexityBound | null {
  const listed = listMaximalBicliques(upa, BICLIQUE_LIMIT, EDGE_LIMIT, meter);
  if (listed === null) return null;
  const bicliques = listed.map((biclique) => withEdges(upa, biclique));
  const random = new SeededRandom(1);
  const ceiling = withDirect ? upa.edgeWeights : null;
  const dual = new ProximalDual(upa, ceiling, random, meter);
  dual.reach = P.reach;
  const pricer = new BicliquePricer(upa, bicliques, meter);
  const components = componentsOfEdges(upa);
  const whole = new Float64Array(upa.edgeCount);
  let best: ComplexityBound = { bound: 0, values: whole.slice() };
  startFrom(dual, upa, knownRoles, withDirect);
  let lastSum = 0;
  for (let step = 0; best.bound < knownComplexity && !meter.mustStop(); step++) {
    if (step > 0) {dual.startStep();
    dual.sweep(P.sweeps);}
    let violated: BicliqueEdges[] = [];
    for (let round = 0; ; round++) {
      for (let e = 0; e < whole.length; e++) whole[e] = Math.floor(dual.values[e] * VALUE_SCALE);
      violated = [];
      for (const biclique of bicliques) {
        if (!pricer.findViolated(biclique, whole)) continue;
        violated.push(biclique);
        dual.constrain(biclique, pricer.users, pricer.permissions);
      }
      if (violated.length === 0 || round === P.rounds || step === 0) break;
      dual.sweep(P.sw2);
    }
    let before = 0; for (const v of whole) before += v;
    repairValues(upa, violated, whole, pricer);
    let after = 0; for (const v of whole) after += v;
    const loss = (before - after) / before;
    if (loss < 0.0005) dual.reach *= 1.1; else if (loss > 0.005) dual.reach *= 0.9;
    const sums = new Float64Array(components.count);
    for (let e = 0; e < whole.length; e++) sums[components.ofEdge[e]] += whole[e];
    let bound = 0; for (const s of sums) bound += Math.ceil(s / VALUE_SCALE);
    if (bound > best.bound) best = { bound, values: whole.slice() };
    if (P.debug) console.log(step, (process.cpuUsage().user/1e6).toFixed(2), meter.steps, 'unrep', (before/1e6).toFixed(2), 'rep', (after/1e6).toFixed(2), 'bound', bound, best.bound, 'cols', dual.constraintCount, 'viol', violated.length, 'reach', dual.reach.toFixed(3));
    lastSum = after;
  }
  void lastSum;
  return best;
}

function startFrom(dual: ProximalDual, upa: WeightedUpa, roles: readonly ReducedRole[], withDirect: boolean): void {
  const coverage = new Int32Array(upa.edgeCount);
  const edgesOf = roles.map(({ users, permissions }) => users.flatMap((u) => permissions.map((p) => upa.edgeOf(u, p))));
  for (const edges of edgesOf) for (const edge of edges) coverage[edge]++;
  roles.forEach(({ users, permissions }, role) => {
    let cost = 1;
    for (const u of users) cost += upa.userWeights[u];
    for (const p of permissions) cost += upa.permissionWeights[p];
    dual.spread(edgesOf[role].filter((edge) => coverage[edge] === 1), cost);
  });
  if (withDirect) for (let e = 0; e < upa.edgeCount; e++) dual.values[e] = coverage[e] === 0 ? upa.edgeWeights[e] : Math.min(dual.values[e], upa.edgeWeights[e]);
}

import { type BicliqueEdges, type BicliquePricer, VALUE_SCALE } from './biclique-pricer.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';

// Looked up once: under jest's module contexts every access to a global costs some 100 ns.
const { floor } = Math;

/**
 * Makes edge values valid in place: afterwards no biclique is worth more than it costs. In each maximal biclique the part
 * that exceeds its cost most is scaled down, rounding down, until none is left. Values only fall, so what holds for one
 * maximal biclique still holds when the next was mended: one pass suffices, and those that held before need no look.
 *
 * @param values whole numbers of at least 0
 */
export function repairValues(
  upa: WeightedUpa,
  violated: readonly BicliqueEdges[],
  values: Float64Array,
  pricer: BicliquePricer,
): void {
  for (const biclique of violated) {
    const width = biclique.permissions.length;
    while (pricer.findViolated(biclique, values)) {
      const { users, permissions } = pricer;
      let cost = 1;
      let value = 0;
      for (const user of users) {
        cost += upa.userWeights[biclique.users[user]];
        for (const permission of permissions) value += values[biclique.edges[user * width + permission]];
      }
      for (const permission of permissions) cost += upa.permissionWeights[biclique.permissions[permission]];
      const factor = (cost * VALUE_SCALE) / value;
      for (const user of users) {
        for (const permission of permissions) {
          const edge = biclique.edges[user * width + permission];
          values[edge] = floor(values[edge] * factor);
        }
      }
    }
  }
}

import type { ReducedMatrix } from '../matrix/reduce.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';
import type { ComplexityBound } from './bound-complexity.js';
import type { EdgeValues } from './lower-bound.js';

/** The values of a bound by original assignments. */
export function certifyValues(
  { userGroups, entitlementGroups }: ReducedMatrix,
  { edgeUsers, rowPermissions }: WeightedUpa,
  { lowerBound, values }: ComplexityBound,
): EdgeValues {
  const edges = Array.from(values.keys()).filter((edge) => values[edge] > 0);
  return {
    kind: 'edge-values',
    lowerBound,
    users: Int32Array.from(edges, (edge) => userGroups[edgeUsers[edge]][0]),
    entitlements: Int32Array.from(edges, (edge) => entitlementGroups[rowPermissions[edge]][0]),
    values: Float64Array.from(edges, (edge) => values[edge]),
  };
}

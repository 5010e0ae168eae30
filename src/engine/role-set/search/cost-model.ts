/**
 * What the search minimises: `role` × roles + `pair` × pairs (user–role and role–permission, in original numbers) + `uncovered` ×
 * uncovered assignments.
 */
export interface CostModel {
  readonly role: number;
  readonly pair: number;
  readonly uncovered: number;
  /** Temperatures between which annealing cools, in units of cost. */
  readonly hot: number;
  readonly cold: number;
}

/** More than roles and pairs ever save: whatever can be covered is. */
export const NEVER = 1e9;

/**
 * Weighted structural complexity with direct assignments. Of two solutions with the same complexity, the one with fewer
 * direct assignments is the better one.
 */
export const WITH_DIRECT: CostModel = { role: 1, pair: 1, uncovered: 1 + 1e-7, hot: 2, cold: 0.2 };

/** Weighted structural complexity by roles alone. */
export const ROLES_ALONE: CostModel = { role: 1, pair: 1, uncovered: NEVER, hot: 2, cold: 0.2 };

/** Fewest roles: all pairs together weigh less than one role, so they only decide between equal numbers. */
export function fewestRoles(assignmentCount: number): CostModel {
  return { role: 1, pair: 0.5 / Math.max(1, assignmentCount), uncovered: NEVER, hot: 0.5, cold: 0.05 };
}

/** The same with another weight of the number of roles. */
export function weighing(costs: CostModel, role: number): CostModel {
  return { ...costs, role };
}

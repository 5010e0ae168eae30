/**
 * What is counted: complexity by roles alone (`flat`), complexity with direct assignments (`with_direct`), complexity of a
 * hierarchy, in which inheritances count (`hierarchy`), or the number of roles. A bound of one says nothing about another.
 */
export type CostModelName = 'flat' | 'with_direct' | 'hierarchy' | 'roles';

/**
 * Evidence of a lower bound, for a checker that knows nothing but the assignments (docs: ADR 17). Assignments are parallel
 * arrays of users and entitlements of the original matrix; of users with the same access, and of entitlements with the
 * same users, the first stands for all.
 */
export type BoundCertificate = EdgeValues | IndependentEdges;

interface CertifiedAssignments {
  /** What the certificate alone proves: branch and bound may have found a higher bound without evidence. */
  readonly lowerBound: number;
  readonly users: Int32Array;
  readonly entitlements: Int32Array;
}

/** Values, in millionths, such that no role can be worth more than it costs. Assignments of value 0 are left out. */
export interface EdgeValues extends CertifiedAssignments {
  readonly kind: 'edge-values';
  readonly values: Float64Array;
}

/** Assignments of which no two fit into one role: each needs a role of its own. */
export interface IndependentEdges extends CertifiedAssignments {
  readonly kind: 'independent-edges';
}

/** Nothing can cost less than `lowerBound`, by the cost model. */
export interface LowerBound {
  readonly costModel: CostModelName;
  /** null when there is none. */
  readonly lowerBound: number | null;
  /** Why there is none: one clause without a full stop; null when there is one. */
  readonly reason: string | null;
  readonly certificate: BoundCertificate | null;
}

export function costModelOf({
  objective,
  complete,
  hierarchy = false,
}: {
  objective: 'wsc' | 'roles';
  complete: boolean;
  hierarchy?: boolean;
}): CostModelName {
  if (objective === 'roles') return 'roles';
  if (hierarchy) return 'hierarchy';
  return complete ? 'flat' : 'with_direct';
}

export function noLowerBound(costModel: CostModelName, reason: string): LowerBound {
  return { costModel, lowerBound: null, reason, certificate: null };
}

/** How far a value lies above the bound at most, in percent of the bound. */
export function gapPercent(value: number, lowerBound: number): number {
  return lowerBound === 0 ? 0 : ((value - lowerBound) / lowerBound) * 100;
}

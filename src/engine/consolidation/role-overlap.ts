export interface RoleOverlapOptions {
  /** Jaccard × 100, at least. */
  thresholdPercent: number;
  /** At most so many, the strongest. */
  limit: number;
}

/** Two existing roles that share entitlements. `roleA` is the larger one, the lower position on a tie. */
export interface RoleOverlap {
  readonly roleA: number;
  readonly roleB: number;
  /** Jaccard × 100 of the entitlement sets. */
  readonly overlapPercent: number;
  /** Shared ÷ the smaller role, × 100. */
  readonly containmentPercent: number;
  /** Jaccard × 100 of the member sets; 0 when neither has members. */
  readonly memberOverlapPercent: number;
  readonly sharedEntitlements: Int32Array;
  readonly uniqueToA: Int32Array;
  readonly uniqueToB: Int32Array;
}

export interface RoleOverlaps {
  /** Strongest first; ties by roleA, then roleB. */
  readonly overlaps: readonly RoleOverlap[];
  readonly truncated: boolean;
}

export interface PatternOptions {
  /** Users who hold the whole set, at least. */
  minUsers: number;
  /** Entitlements in the set, at least. */
  minEntitlements: number;
  /** At most so many patterns, those with the largest area (users × entitlements); ties by entitlements, ascending. */
  limit: number;
}

/** A closed set of entitlements: no further entitlement is held by all of its users. */
export interface AccessPattern {
  /** Ascending. */
  readonly entitlements: Int32Array;
  /** Users whose access contains the set. */
  readonly userCount: number;
  /** Users whose access is exactly the set. */
  readonly exactUserCount: number;
  /** The first ten users, ascending, whose access contains the set. */
  readonly sampleUsers: Int32Array;
}

/**
 * How much of a run a report lists. With these the report of 100,000 users × 5,000 entitlements is a file of one to two
 * megabytes that a browser opens in about a second.
 */
export const REPORT_LIMITS = {
  /** Rows and columns of the picture: at most so many are drawn, more are sampled. */
  matrix: { users: 4_000, entitlements: 5_000 },
  candidates: 400,
  /** Names in one list of entitlements. */
  names: 40,
  nearMisses: 10,
  peerGroups: 12,
  /** Flagged people drawn in one group: those who hold most. */
  flaggedDots: 100,
  flags: 200,
  overlaps: 200,
  /** Of each kind. */
  suspicions: 100,
} as const;

/** Users who are shown of an impact, in each of its lists; the totals count them all. */
export const SHOWN_USERS = 1000;
/** Entitlement ids that are shown in each of `gained` and `lost`, over all their users: about 400 kB. */
export const SHOWN_ASSIGNMENTS = 10_000;

/** What users come to hold, or cease to hold, by a change. */
export interface AccessDifference {
  readonly userCount: number;
  /** Pairs of user and entitlement. */
  readonly assignmentCount: number;
  /** The first users, ascending, each with its entitlements, ascending. */
  readonly users: readonly { readonly userId: string; readonly entitlementIds: readonly string[] }[];
}

/** The difference of effective access (direct ∪ roles) before and after a change, over all users of the tenant. */
export interface AccessImpact {
  readonly affectedUserCount: number;
  /** The first of them, ascending. */
  readonly affectedUsers: readonly string[];
  readonly gained: AccessDifference;
  readonly lost: AccessDifference;
}

const NO_DIFFERENCE: AccessDifference = { userCount: 0, assignmentCount: 0, users: [] };

export const NO_IMPACT: AccessImpact = {
  affectedUserCount: 0,
  affectedUsers: [],
  gained: NO_DIFFERENCE,
  lost: NO_DIFFERENCE,
};

/** What a role hierarchy costs beside one for every inheritance, every entitlement of a role's own and every role of a user. */
export interface HierarchyCosts {
  /** One role. */
  readonly role: number;
  /** One direct assignment. */
  readonly direct: number;
}

/** More than roles ever save: whatever a role can give, a role gives. */
const NEVER = 1e7;

/** Of two solutions with the same complexity, the one with fewer direct assignments is the better one. */
const PREFERS_ROLES = 1 + 1e-7;

/** Of two solutions with the same complexity, the one with fewer roles is the better one. */
const PREFERS_FEW = 1e-6;

/** @param complete no direct assignments */
export function hierarchyCosts(complete: boolean, roleWeight: number): HierarchyCosts {
  return { role: roleWeight + PREFERS_FEW, direct: complete ? NEVER : PREFERS_ROLES };
}

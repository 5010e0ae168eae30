import type { AccessMatrix } from './matrix/access-matrix.js';

/** Lists of integers, one after the other: list `i` is `values[offsets[i] .. offsets[i + 1])`, ascending, without duplicates. */
export interface IntegerLists {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** One attribute of users, such as department. A user may have no value or several. */
export interface UserAttribute {
  readonly name: string;
  /** The distinct values; `valuesOfUser` indexes them. */
  readonly values: readonly string[];
  /** One list per user. */
  readonly valuesOfUser: IntegerLists;
}

/** Roles that the organisation already has, in ascending order of their outside id: ties are decided by position. */
export interface ExistingRoles {
  readonly count: number;
  /** One per role: names that no candidate may be proposed with. */
  readonly names: readonly string[];
  /** One list of entitlements per role. */
  readonly entitlements: IntegerLists;
  /** One list of users per role. */
  readonly members: IntegerLists;
}

/** Everything that mining knows about an organisation. Only `matrix` decides the roles; the rest names, explains and compares. */
export interface Organisation {
  /** Effective access: direct assignments and the entitlements of held roles. */
  readonly matrix: AccessMatrix;
  /** One per entitlement, as shown to people. */
  readonly entitlementNames: readonly string[];
  /** One per entitlement; null where unknown. */
  readonly entitlementApplications: readonly (string | null)[];
  readonly attributes: readonly UserAttribute[];
  readonly existingRoles: ExistingRoles;
}

/**
 * Lists of integers, one after the other: list `i` is `values[offsets[i] .. offsets[i + 1])`, ascending, without
 * duplicates. Both arrays lie in shared memory, so that worker threads see them without a copy.
 */
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

/** Roles that the organisation has, ascending by id. */
export interface SnapshotRoles {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  /** One list of entitlements per role. */
  readonly entitlements: IntegerLists;
  /** One list of users per role. */
  readonly members: IntegerLists;
}

/**
 * A tenant's whole access graph at one instant. Users and entitlements are dense integers from 0, in an order that
 * depends on nothing but the data, so that mining the same data again gives the same result.
 */
export interface AccessSnapshot {
  readonly takenAt: Date;
  /** SHA-256 of everything below, in hexadecimal. Two snapshots with the same hash hold the same graph. */
  readonly hash: string;
  /** UUIDs in lower case. */
  readonly userIds: readonly string[];
  readonly entitlementIds: readonly string[];
  readonly entitlementNames: readonly string[];
  /** Null where unknown. */
  readonly entitlementApplications: readonly (string | null)[];
  /** Entitlements granted to each user directly. */
  readonly directAccess: IntegerLists;
  /** Effective access of each user: direct assignments and the entitlements of held roles. */
  readonly access: IntegerLists;
  /** Ascending by name. */
  readonly attributes: readonly UserAttribute[];
  readonly roles: SnapshotRoles;
}

/** List `index`, as a view. */
export function listAt(lists: IntegerLists, index: number): Int32Array {
  return lists.values.subarray(lists.offsets[index], lists.offsets[index + 1]);
}

export interface ExcessivePrivilegeOptions {
  /** A user is flagged when its number of entitlements lies more than so many percent above the peer average. */
  deviationThresholdPercent: number;
  /** Groups with fewer members who hold anything are left out. */
  minUsers: number;
  /** Index into the organisation's attributes; null: all users who hold anything are peers. */
  peerGroupAttribute: number | null;
}

/** A user who holds more than its peers (rules: the results contract, section excessive privileges). */
export interface ExcessivePrivilege {
  readonly user: number;
  /** Index of the attribute's value that makes the group; null when compared with everybody. */
  readonly peerGroupValue: number | null;
  readonly deviationPercent: number;
  /** What the user holds and at most half of the peers hold, rarest among them first, ties ascending. Never empty. */
  readonly excessEntitlements: Int32Array;
  /** Mean number of entitlements over the other members of the group who hold anything. */
  readonly peerAverage: number;
  readonly peerMedian: number;
  /** Share of the other members, in percent, who hold fewer entitlements than the user. */
  readonly peerPercentile: number;
  /** The user's own number of entitlements. */
  readonly entitlementCount: number;
}

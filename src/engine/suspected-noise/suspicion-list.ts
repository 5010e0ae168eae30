/** User–entitlement pairs as parallel arrays, the surest first; ties by user, then entitlement. */
export interface SuspectedGrants {
  readonly users: Int32Array;
  readonly entitlements: Int32Array;
  /** How much less probable the user's access is if this is no mistake, in nats: 2.3 is 10 to 1, 4.6 is 100 to 1. */
  readonly scores: Float64Array;
  /** Whether there were more than asked for. */
  readonly truncated: boolean;
}

/** Collects suspicions in order of user, then entitlement or not, and hands out the surest. */
export class SuspicionList {
  private readonly users: number[] = [];
  private readonly entitlements: number[] = [];
  private readonly scores: number[] = [];

  add(user: number, entitlement: number, score: number): void {
    this.users.push(user);
    this.entitlements.push(entitlement);
    this.scores.push(score);
  }

  surest(limit: number): SuspectedGrants {
    const { users, entitlements, scores } = this;
    const order = Int32Array.from(users, (_, at) => at)
      .sort((a, b) => scores[b] - scores[a] || users[a] - users[b] || entitlements[a] - entitlements[b])
      .subarray(0, limit);
    return {
      users: order.map((at) => users[at]),
      entitlements: order.map((at) => entitlements[at]),
      scores: Float64Array.from(order, (at) => scores[at]),
      truncated: order.length < users.length,
    };
  }
}

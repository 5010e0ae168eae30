/** User–entitlement pairs as parallel arrays, the surest first; ties by user, then entitlement. */
export interface SuspectedGrants {
  readonly users: Int32Array;
  readonly entitlements: Int32Array;
  /** How improbable it is that this is no mistake, in nats: 2.3 is one in ten, 4.6 is one in a hundred. */
  readonly scores: Float64Array;
  /** Whether there were more than asked for. */
  readonly truncated: boolean;
}

/** What is more probably a mistake than not is listed in any case. */
const evenScore = Math.LN2;

/**
 * What is less probable is listed too, the surest first, as long as of the whole list no greater share than this is
 * expected to be none: the Bayesian rule for false discoveries of Newton, Noueiry, Sarkar and Ahlquist, "Detecting
 * differential gene expression with a semiparametric hierarchical mixture method", Biostatistics 2004.
 */
const acceptedWrongShare = 0.06;

/** Collects suspicions in order of user, then entitlement or not, and hands out the surest. */
export class SuspicionList {
  private readonly users: number[] = [];
  private readonly entitlements: number[] = [];
  private readonly scores: number[] = [];

  /** @param logOdds of a mistake against none, in nats */
  add(user: number, entitlement: number, logOdds: number): void {
    this.users.push(user);
    this.entitlements.push(entitlement);
    // log(1 + odds), for odds of any size.
    this.scores.push(Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds))));
  }

  surest(limit: number): SuspectedGrants {
    const { users, entitlements, scores } = this;
    const order = Int32Array.from(users, (_, at) => at).sort(
      (a, b) => scores[b] - scores[a] || users[a] - users[b] || entitlements[a] - entitlements[b],
    );
    const worthwhile = this.worthwhile(order);
    const listed = order.subarray(0, Math.min(limit, worthwhile));
    return {
      users: listed.map((at) => users[at]),
      entitlements: listed.map((at) => entitlements[at]),
      scores: Float64Array.from(listed, (at) => scores[at]),
      truncated: listed.length < worthwhile,
    };
  }

  /** How many of the surest to list. */
  private worthwhile(order: Int32Array): number {
    let wrong = 0;
    let count = 0;
    for (const at of order) {
      wrong += Math.exp(-this.scores[at]);
      if (this.scores[at] < evenScore && wrong > acceptedWrongShare * (count + 1)) break;
      count++;
    }
    return count;
  }
}

import type { BoundCertificate, CostModelName } from '../bounds/lower-bound.js';
import type { NearMissCounts } from '../confidence.js';
import type { StoppedBy } from '../control.js';
import type { TradeOffPoint } from './trade-off.js';

/** What a role set is asked for. Defaults and ranges are the caller's business; `mine` checks that they make sense. */
export interface RoleSetOptions {
  /** `wsc`: least weighted structural complexity; `roles`: fewest roles. */
  objective: 'wsc' | 'roles';
  /** Reproduce every assignment by roles alone: the three thresholds below are taken as 1, 1 and 0. */
  complete: boolean;
  /** Roles may inherit from other roles: for the objective `wsc` only, of which inheritances are then a part. */
  hierarchy?: boolean;
  /** What a role weighs against everything else in the complexity that the search minimises: 1 when left out. */
  roleWeight?: number;
  /** A role has at least this many users who hold all of it. */
  minUsers: number;
  minEntitlements: number;
  /** 0 to 1: see `confidence.ts`. A constraint of the search. */
  confidenceThreshold: number;
  /** Any 32-bit integer; the same seed, input and options give the same result. */
  seed: number;
  /**
   * Search steps allowed; derived from the size of the input (about 5 s of work at most) when left out, `Infinity` to go
   * on until the time limit. A step of the search is a thousand elementary operations, so it takes about the same time
   * on any data. The lower bound of the complexity may take up to a fifth of it on top.
   */
  stepBudget?: number;
  /** Wall-clock safety stop. 0 returns the first solution. */
  timeLimitSeconds?: number;
}

/** A role: a set of users times a set of entitlements, every pair of which is an assignment of the input. */
export interface MinedRole extends NearMissCounts {
  /** All of it, what it inherits included, ascending. */
  readonly entitlements: Int32Array;
  /** Those that no junior gives; all of them without a hierarchy. */
  readonly ownEntitlements: Int32Array;
  /** Roles that it inherits from, by their place in the role set, ascending. Each is strictly smaller. */
  readonly juniors: Int32Array;
  /**
   * Users to whom the role set gives the role itself, ascending; a subset of `members`. In a hierarchy there may be none:
   * the role is then there for its seniors.
   */
  readonly users: Int32Array;
  readonly confidence: number;
}

/** The counts that weighted structural complexity adds up: `wsc` is the sum of the first five. */
export interface RoleSetMetrics {
  readonly roleCount: number;
  readonly userAssignments: number;
  /** Own entitlements of all roles. */
  readonly permissionAssignments: number;
  /** Inheritances: pairs of a role and a junior of it. */
  readonly roleHierarchyEdges: number;
  readonly directAssignments: number;
  readonly wsc: number;
  /** Share of the assignments that roles explain, 0 to 1 (1 for an empty matrix). */
  readonly coverage: number;
  /** What `lowerBound` is a bound of, by what was asked for: see `CostModelName`. */
  readonly costModel: CostModelName;
  /**
   * Nothing can be smaller, by the cost model; with direct assignments that holds for any thresholds, as if they were 1, 1
   * and 0. null when none was computed.
   */
  readonly lowerBound: number | null;
  /** How far the set lies above the bound at most, in percent of the bound; null without one. */
  readonly gapPercent: number | null;
  /** Why there is no bound, one clause; null when there is one. */
  readonly boundReason: string | null;
  readonly provenOptimal: boolean;
}

export interface RoleSet {
  /** Largest contribution first (see `under-cover-curve.ts`), ties by entitlements. */
  readonly roles: readonly MinedRole[];
  /** Assignments that no role explains, as parallel arrays ascending by user, then entitlement. */
  readonly directUsers: Int32Array;
  readonly directEntitlements: Int32Array;
  readonly metrics: RoleSetMetrics;
  /** The Pareto front of what the search passed through, the result included: see `trade-off.ts`. */
  readonly tradeOff: readonly TradeOffPoint[];
  /** Evidence of the lower bound, or of a lower one; null without a bound. */
  readonly certificate: BoundCertificate | null;
  /** How the set was found: `exact` kernel and cover, ruin-and-recreate `search`, or `fast` for large inputs. */
  readonly mode: 'exact' | 'search' | 'fast';
  /** Said when the mode is not the one asked for, e.g. a kernel above the memory limit; null otherwise. */
  readonly modeReason: string | null;
  readonly stoppedBy: StoppedBy;
  readonly steps: number;
}

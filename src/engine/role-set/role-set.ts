import type { BoundCertificate, CostModelName } from '../bounds/lower-bound.js';
import type { NearMissCounts } from '../confidence.js';
import type { StoppedBy } from '../control.js';

/** What a role set is asked for. Defaults and ranges are the caller's business; `mine` checks that they make sense. */
export interface RoleSetOptions {
  /** `wsc`: least weighted structural complexity; `roles`: fewest roles. */
  objective: 'wsc' | 'roles';
  /** Reproduce every assignment by roles alone: the three thresholds below are taken as 1, 1 and 0. */
  complete: boolean;
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
  /** Ascending. */
  readonly entitlements: Int32Array;
  /** Users to whom the role set gives the role, ascending; a subset of `members`. */
  readonly users: Int32Array;
  readonly confidence: number;
}

/** The counts that weighted structural complexity adds up: `wsc` is the sum of the first four. */
export interface RoleSetMetrics {
  readonly roleCount: number;
  readonly userAssignments: number;
  readonly permissionAssignments: number;
  readonly directAssignments: number;
  readonly wsc: number;
  /** Share of the assignments that roles explain, 0 to 1 (1 for an empty matrix). */
  readonly coverage: number;
  /** What `lowerBound` is a bound of, by what was asked for: roles alone when `complete`, else with direct assignments. */
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
  /** Evidence of the lower bound, or of a lower one; null without a bound. */
  readonly certificate: BoundCertificate | null;
  /** How the set was found: `exact` kernel and cover, ruin-and-recreate `search`, or `fast` for large inputs. */
  readonly mode: 'exact' | 'search' | 'fast';
  /** Said when the mode is not the one asked for, e.g. a kernel above the memory limit; null otherwise. */
  readonly modeReason: string | null;
  readonly stoppedBy: StoppedBy;
  readonly steps: number;
}

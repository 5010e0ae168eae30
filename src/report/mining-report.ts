import type { MatrixPicture } from './matrix/matrix-picture.js';

/** Everything that a report tells, in the words of people: names instead of ids, and only as much as it shows. */
export interface MiningReport {
  /** The job's name, or the file's. */
  readonly title: string;
  /** Where it is from, such as `Job 3f…`; shown small. */
  readonly origin: string;
  readonly writtenAt: Date;
  readonly state: ReportState;
}

export type ReportState =
  | { readonly kind: 'completed'; readonly run: CompletedRun }
  | { readonly kind: 'pending'; readonly createdAt: Date }
  | {
      readonly kind: 'waiting';
      readonly startedAt: Date;
      readonly queuePosition: number | null;
      /** All workers are busy; the one that had it is not heard from any more; there is none. */
      readonly reason: 'workers_busy' | 'worker_lost' | 'no_worker';
    }
  | { readonly kind: 'running'; readonly startedAt: Date; readonly progressPercent: number }
  | { readonly kind: 'failed'; readonly endedAt: Date; readonly errorMessage: string }
  | { readonly kind: 'cancelled'; readonly endedAt: Date; readonly progressPercent: number };

export interface CompletedRun {
  readonly figures: RunFigures;
  readonly underCoverCurve: readonly { readonly coveragePercent: number; readonly roleCount: number | null }[];
  /** New assignments of every role, strongest first; null when some of the set's roles exist already and theirs is not known. */
  readonly contributions: readonly number[] | null;
  /** Null when the access graph is too empty for a picture. */
  readonly matrix: MatrixPicture | null;
  /** In the order of the role set: largest contribution first. */
  readonly candidates: Shown<ReportCandidate>;
  /** Null when the analysis was not asked for. */
  readonly outliers: ReportOutliers | null;
  /** Null when the analysis was not asked for. */
  readonly overlaps: Shown<ReportOverlap> | null;
  /** Null when the analysis was not asked for. */
  readonly suspected: { readonly missing: Shown<ReportSuspicion>; readonly extra: Shown<ReportSuspicion> } | null;
  /** What came of it how, as pairs of a term and its value. */
  readonly method: readonly (readonly [term: string, value: string])[];
  /** What a reader has to know before trusting the pictures, as sentences. */
  readonly caveats: readonly string[];
}

/** The first of a list, and how long it is. */
export interface Shown<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface RunFigures {
  readonly users: number;
  readonly entitlements: number;
  readonly assignments: number;
  readonly coveredAssignments: number;
  readonly directAssignments: number;
  readonly roleCount: number;
  /** Those of them that the organisation has already. */
  readonly existingRoleCount: number;
  /** Weighted structural complexity. */
  readonly complexityBefore: number;
  readonly complexityAfter: number;
  /** What the search made small, and what the bound is about. */
  readonly objective: 'complexity' | 'roles';
  readonly lowerBound: number | null;
  /** Why there is no bound, as a part of a sentence; null when there is one, or nobody knows. */
  readonly boundReason: string | null;
  readonly provenOptimal: boolean;
  readonly stoppedBy: string;
  readonly modeReason: string | null;
  /** When the data was read; null for a file. */
  readonly snapshotAt: Date | null;
}

export interface ReportCandidate {
  readonly name: string;
  readonly confidence: number;
  readonly members: number;
  readonly givenTo: number;
  readonly entitlements: Shown<string>;
  readonly assignmentsCovered: number;
  readonly newAssignmentsCovered: number;
  readonly complexityChange: number;
  readonly nearMisses: Shown<{ readonly entitlement: string; readonly users: number }>;
  readonly usersLackingTwo: number;
  readonly attributeRule: {
    readonly conditions: readonly { readonly attribute: string; readonly value: string }[];
    readonly precision: number;
    readonly recall: number;
  } | null;
  /** What has been decided about it; null while nothing has. */
  readonly decision: 'promoted' | 'dismissed' | null;
  /** Name of the existing role that it only adds to or narrows; null otherwise. */
  readonly existingRole: string | null;
}

export interface ReportOutliers {
  readonly attribute: string | null;
  /** Groups with flagged people, most of them first. */
  readonly groups: Shown<PeerGroupDistribution>;
  readonly flags: Shown<ReportFlag>;
}

/** How many entitlements the people of a peer group hold. */
export interface PeerGroupDistribution {
  readonly name: string;
  readonly members: number;
  readonly flagged: number;
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly most: number;
  readonly flaggedPeople: readonly { readonly name: string; readonly held: number }[];
}

export interface ReportFlag {
  readonly user: string;
  readonly group: string;
  readonly held: number;
  readonly peerAverage: number;
  readonly peerPercentile: number;
  readonly deviationPercent: number;
  readonly excess: Shown<string>;
  /** What has been decided about it; null while nothing has. */
  readonly decision: string | null;
}

export interface ReportOverlap {
  readonly roleA: string;
  readonly roleB: string;
  readonly overlapPercent: number;
  readonly containmentPercent: number;
  readonly memberOverlapPercent: number;
  readonly shared: Shown<string>;
  readonly onlyA: Shown<string>;
  readonly onlyB: Shown<string>;
  /** What has been decided about it; null while nothing has. */
  readonly decision: string | null;
}

export interface ReportSuspicion {
  readonly user: string;
  readonly entitlement: string;
  /** How much less probable the access is if this is no mistake, in nats. */
  readonly score: number;
}

/** The first `limit` of a list. */
export function shown<T>(items: readonly T[], limit: number, total = items.length): Shown<T> {
  return { items: items.slice(0, limit), total };
}

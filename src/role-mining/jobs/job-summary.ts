/** How a completed job came to its result, for people and for comparing runs. Percentages are 0 to 100. */
export interface MiningJobSummary {
  readonly engineVersion: string;
  readonly seed: number;
  readonly snapshotAt: string;
  readonly snapshotHash: string;
  readonly users: number;
  readonly entitlements: number;
  readonly assignments: number;
  readonly coveredAssignments: number;
  readonly coveragePercent: number;
  readonly directAssignments: number;
  readonly roleCount: number;
  readonly complexityBefore: number;
  readonly complexityAfter: number;
  /** Not in summaries of earlier engine versions; likewise `boundReason`. */
  readonly costModel?: string;
  readonly lowerBound: number | null;
  readonly gapPercent: number | null;
  readonly boundReason?: string | null;
  readonly provenOptimal: boolean;
  readonly mode: string;
  readonly modeReason: string | null;
  readonly stoppedBy: string;
  readonly steps: number;
  /** Not in summaries of earlier engine versions; likewise `tradeOff`. */
  readonly roleHierarchyEdges?: number;
  readonly tradeOff?: readonly { readonly roleCount: number; readonly wsc: number }[];
  readonly underCoverCurve: readonly { readonly coveragePercent: number; readonly roleCount: number | null }[];
  readonly patternCount: number;
  readonly suspectedMissingCount: number;
  readonly suspectedExtraCount: number;
  readonly suggestionsTruncated: boolean;
  readonly durationMs: Readonly<Record<'load' | 'mine' | 'save', number>>;
}

/** What an import counts, as the answer names it. */
export const COUNTED = ['users', 'entitlements', 'assignments', 'roles', 'role_entitlements', 'role_members'] as const;
export type Counted = (typeof COUNTED)[number];

export interface ChangeCounts {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  /** In the whole graph afterwards, what was not imported included. */
  readonly total: number;
}

export type ImportCounts = Readonly<Record<Counted, ChangeCounts>> & {
  /** Rows that repeat another; each counts once. */
  readonly duplicates_ignored: number;
  readonly duration_ms: number;
  /** Rules of separation of duties that somebody breaks afterwards; null for a dry run, whose result nobody holds. */
  readonly sod_violations: readonly BrokenRuleCount[] | null;
};

export interface BrokenRuleCount {
  readonly rule_id: string;
  readonly rule_name: string;
  readonly user_count: number;
}

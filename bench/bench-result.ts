/** What a benchmark measured: rows of a table, all with the same columns. */
export interface BenchResult {
  /** What was measured, how often, and what with. */
  readonly title: string;
  readonly rows: Record<string, string | number | null>[];
}

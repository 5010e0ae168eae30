import type { CandidatePool } from './candidate-pool.js';
import type { RowClasses } from './row-classes.js';

/** Shares of an entitlement's holders who must hold another one as well, from nearly sure to loosely bound. */
const confidenceLevels = [0.95, 0.85, 0.7] as const;
const lowestLevel = confidenceLevels[confidenceLevels.length - 1];
/** Rows looked at per entitlement: the standard error of a share is at most 1.1%. */
const sampledRows = 2048;

/**
 * Candidates from association rules between two entitlements (Agrawal, Imieliński and Swami, SIGMOD 1993): for each
 * entitlement p and level θ, the closure {q : conf(p → q) ≥ θ}, which is p's role with all birthrights above it, and
 * the mutual class {q : conf(p → q) ≥ θ and conf(q → p) ≥ θ}, the role alone.
 *
 * @param step called once per entitlement; returns true to stop
 */
export function offerAssociations(classes: RowClasses, pool: CandidatePool, step: () => boolean): void {
  const { support, columnOffsets, columnRows, rowOffsets, rowColumns, weights } = classes;
  const together = new Int32Array(support.length);
  const touched = new Int32Array(support.length);
  for (let p = 0; p < support.length; p++) {
    if (step()) return;
    const rows = columnOffsets[p + 1] - columnOffsets[p];
    const stride = Math.max(1, rows / sampledRows);
    let touchedCount = 0;
    for (let position = 0; position < rows; position += stride) {
      const rowClass = columnRows[columnOffsets[p] + Math.floor(position)];
      const weight = weights[rowClass];
      for (let at = rowOffsets[rowClass]; at < rowOffsets[rowClass + 1]; at++) {
        const q = rowColumns[at];
        if (together[q] === 0) touched[touchedCount++] = q;
        together[q] += weight;
      }
    }
    const holders = together[p];
    const scale = support[p] / Math.max(1, holders);
    const partners = touched
      .subarray(0, touchedCount)
      .filter((q) => together[q] >= lowestLevel * holders)
      .sort();
    for (const level of confidenceLevels) {
      pool.offer(partners.filter((q) => together[q] >= level * holders));
      pool.offer(partners.filter((q) => together[q] >= level * holders && together[q] * scale >= level * support[q]));
    }
    for (let at = 0; at < touchedCount; at++) together[touched[at]] = 0;
  }
}

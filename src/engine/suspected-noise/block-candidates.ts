import type { SparseLists } from '../role-set/fast/sparse-lists.js';
import type { Block } from './row-explanation.js';

/** Shares at which two entitlements count as held together, from hardly to heavily disturbed data. */
const levels = [0.9, 0.75, 0.6, 0.45] as const;
const lowestLevel = levels[levels.length - 1];
const sampledRows = 2048;
/** Fewer users with the same two entitlements are coincidence. */
const leastTogether = 3;

/**
 * Blocks of entitlements that are held together or not at all: for each entitlement p and level θ, the mutual class
 * {q : conf(p → q) ≥ θ and conf(q → p) ≥ θ} over the given cells.
 *
 * @param step called once per entitlement; returns true to stop
 */
export function mutualClasses(cells: SparseLists, columnCount: number, step: () => boolean): Block[] {
  const { columnOffsets, columnRows, rowOffsets, rowColumns } = cells;
  const together = new Int32Array(columnCount);
  const touched = new Int32Array(columnCount);
  const classes: Block[] = [];
  for (let p = 0; p < columnCount; p++) {
    if (step()) break;
    const holders = columnOffsets[p + 1] - columnOffsets[p];
    if (holders < leastTogether) continue;
    const stride = Math.max(1, holders / sampledRows);
    let touchedCount = 0;
    for (let position = 0; position < holders; position += stride) {
      const row = columnRows[columnOffsets[p] + Math.floor(position)];
      for (let at = rowOffsets[row]; at < rowOffsets[row + 1]; at++) {
        const q = rowColumns[at];
        if (together[q] === 0) touched[touchedCount++] = q;
        together[q]++;
      }
    }
    const sampled = together[p];
    const scale = holders / sampled;
    const strength = (q: number): number =>
      Math.min(together[q] / sampled, (together[q] * scale) / (columnOffsets[q + 1] - columnOffsets[q]));
    const partners = touched
      .subarray(0, touchedCount)
      .filter((q) => together[q] >= leastTogether && strength(q) >= lowestLevel)
      .sort();
    let known = 1;
    for (const level of levels) {
      const block = partners.filter((q) => strength(q) >= level);
      if (block.length > known) classes.push({ entitlements: block, users: fewestHolders(block, columnOffsets) });
      known = Math.max(known, block.length);
    }
    for (let at = 0; at < touchedCount; at++) together[touched[at]] = 0;
  }
  return classes;
}

function fewestHolders(entitlements: Int32Array, columnOffsets: Int32Array): number {
  let fewest = Infinity;
  for (const e of entitlements) fewest = Math.min(fewest, columnOffsets[e + 1] - columnOffsets[e]);
  return fewest;
}

import type { Candidate, CandidatePool } from './candidate-pool.js';
import { PairCounter } from './pair-counter.js';
import type { RoleSelection } from './role-selection.js';
import type { RowClasses } from './row-classes.js';

/** Pairs of roles are counted over at most about so many rows; one that matters shows up in a sample. */
const sampledRows = 400_000;
const leftoverLevels = [0.9, 0.7, 0.5] as const;
const sampledLeftovers = 512;

/**
 * New candidates that a first role set makes visible: unions of its roles, roles without one entitlement, whole rows,
 * and what is left over.
 *
 * @param step called once per candidate considered; returns true to stop
 */
export function offerRefinements(
  classes: RowClasses,
  selection: RoleSelection,
  pool: CandidatePool,
  step: () => boolean,
): void {
  const roles = selection.usedRoles();
  offerUnions(classes, selection, pool, step);
  offerNearMisses(roles, pool, step);
  offerRepeatedRows(classes, selection, pool, step);
  offerLeftovers(classes, selection, pool, step);
}

/**
 * Unions of two roles that the same users have: each of n users saves one assignment, the new role costs itself and its
 * entitlements. The idea of Re-Pair (Larsson and Moffat, DCC 1999) with the cost of a role set in place of a grammar's.
 */
function offerUnions(classes: RowClasses, selection: RoleSelection, pool: CandidatePool, step: () => boolean): void {
  const { candidates } = pool;
  const span = candidates.length;
  const pairs = new PairCounter();
  const stride = Math.max(1, Math.ceil(classes.count / sampledRows));
  for (let rowClass = 0; rowClass < classes.count; rowClass += stride) {
    const roles = selection.rolesOf(rowClass);
    for (let i = 0; i < roles.length; i++) {
      for (let j = 0; j < i; j++) {
        pairs.add(
          Math.min(roles[i], roles[j]) * span + Math.max(roles[i], roles[j]),
          classes.weights[rowClass] * stride,
        );
      }
    }
  }
  const frequent: { key: number; count: number }[] = [];
  pairs.forEach((key, count) => {
    const smallest = candidates[Math.floor(key / span)].entitlements.length;
    if (count > Math.max(smallest, candidates[key % span].entitlements.length)) frequent.push({ key, count });
  });
  frequent.sort((a, b) => b.count - a.count || a.key - b.key);
  for (const { key, count } of frequent) {
    if (step()) return;
    const union = unite(candidates[Math.floor(key / span)], candidates[key % span]);
    if (count > union.length + 1) pool.offer(union);
  }
}

function unite(a: Candidate, b: Candidate): Int32Array {
  return Int32Array.from(new Set([...a.entitlements, ...b.entitlements])).sort();
}

/**
 * Roles without the one entitlement that some users lack, for those users. Each is taken to save one assignment, for
 * other roles cover most of it already. Taken as two, the generated 100k organisation got 0.2% simpler for twice as many
 * candidates; as four 0.4% more complex, as a half 1.3%.
 */
function offerNearMisses(roles: readonly number[], pool: CandidatePool, step: () => boolean): void {
  for (const role of roles) {
    const { entitlements, lacking } = pool.candidates[role];
    for (let at = 0; at < entitlements.length; at++) {
      if (lacking[at] <= entitlements.length) continue;
      if (step()) return;
      const without = entitlements[at];
      pool.offer(entitlements.filter((entitlement) => entitlement !== without));
    }
  }
}

/** Rows that several users share, where one role is cheaper than what the row has now. */
function offerRepeatedRows(
  { count, weights, rowOffsets, rowColumns }: RowClasses,
  selection: RoleSelection,
  pool: CandidatePool,
  step: () => boolean,
): void {
  for (let c = 0; c < count; c++) {
    const size = rowOffsets[c + 1] - rowOffsets[c];
    if (weights[c] < 2 || weights[c] * (selection.costOf(c) - 1) < size + 1) continue;
    if (step()) return;
    pool.offer(rowColumns.slice(rowOffsets[c], rowOffsets[c + 1]));
  }
}

/** Association closures (see `association-candidates.ts`) among what is still assigned directly. */
function offerLeftovers(classes: RowClasses, selection: RoleSelection, pool: CandidatePool, step: () => boolean): void {
  const { weights, support } = classes;
  const left = selection.leftovers();
  const together = new Int32Array(support.length);
  for (let p = 0; p < support.length; p++) {
    const rows = left.columnOffsets[p + 1] - left.columnOffsets[p];
    if (rows === 0) continue;
    if (step()) return;
    const touched: number[] = [];
    const stride = Math.max(1, rows / sampledLeftovers);
    for (let position = 0; position < rows; position += stride) {
      const c = left.columnRows[left.columnOffsets[p] + Math.floor(position)];
      for (let at = left.rowOffsets[c]; at < left.rowOffsets[c + 1]; at++) {
        const q = left.rowColumns[at];
        if (together[q] === 0) touched.push(q);
        together[q] += weights[c];
      }
    }
    const partners = Int32Array.from(touched).sort();
    for (const level of leftoverLevels) pool.offer(partners.filter((q) => together[q] >= level * together[p]));
    for (const q of touched) together[q] = 0;
  }
}

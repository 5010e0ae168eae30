import type { RowClasses } from './row-classes.js';

/** What a role must reach; for `complete` 1, 1 and 0. */
export interface RoleThresholds {
  readonly minUsers: number;
  readonly minEntitlements: number;
  readonly confidence: number;
}

/** A set of entitlements that reaches the thresholds, with the row classes that hold all of it. */
export interface Candidate {
  /** Ascending. */
  readonly entitlements: Int32Array;
  /** Row classes that hold everything in it, ascending. */
  readonly members: Int32Array;
  /** Users behind the members. */
  readonly memberWeight: number;
  /** Parallel to `entitlements`: users who hold everything but this one, as far as counted (see `measure`). */
  readonly lacking: Int32Array;
}

/** All candidates ever considered, each set once. */
export class CandidatePool {
  readonly candidates: Candidate[] = [];
  private readonly knownByHash = new Map<number, Int32Array[]>();
  private readonly positionInRole: Int32Array;
  private readonly lackingScratch: Int32Array;
  private memberScratch = new Int32Array(1024);

  constructor(
    private readonly classes: RowClasses,
    private readonly userCount: number,
    private readonly thresholds: RoleThresholds,
  ) {
    this.positionInRole = new Int32Array(classes.support.length).fill(-1);
    this.lackingScratch = new Int32Array(classes.support.length);
  }

  /**
   * Adds the set if it is new, reaches the thresholds and could pay: even if each member held it directly otherwise,
   * the role costs one entry per member, one per entitlement and one for itself. Entitlements ascending.
   */
  offer(entitlements: Int32Array): boolean {
    if (entitlements.length < this.thresholds.minEntitlements || this.isKnown(entitlements)) return false;
    const candidate = this.measure(entitlements);
    if (candidate === null) return false;
    this.candidates.push(candidate);
    return true;
  }

  private isKnown(entitlements: Int32Array): boolean {
    let hash = entitlements.length;
    for (const entitlement of entitlements) {
      hash = Math.imul(hash ^ entitlement, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const known = this.knownByHash.get(hash);
    if (known?.some((other) => equal(other, entitlements))) return true;
    if (known) known.push(entitlements);
    else this.knownByHash.set(hash, [entitlements]);
    return false;
  }

  /**
   * Members, and users lacking exactly one, by scanning the holders of the rarest entitlement; those lacking just that
   * one are among the holders of the second rarest, scanned only as long as the confidence can still be reached.
   */
  private measure(entitlements: Int32Array): Candidate | null {
    const { support, columnOffsets, columnRows, weights } = this.classes;
    const size = entitlements.length;
    const { minUsers, confidence } = this.thresholds;
    let rarest = 0;
    for (let at = 1; at < size; at++) if (support[entitlements[at]] < support[entitlements[rarest]]) rarest = at;
    const mostMembers = support[entitlements[rarest]];
    if (mostMembers < minUsers || mostMembers * (size - 1) < size + 1) return null;

    let sum = 0;
    for (let at = 0; at < size; at++) {
      this.positionInRole[entitlements[at]] = at;
      this.lackingScratch[at] = 0;
      sum += at;
    }
    let memberCount = 0;
    let memberWeight = 0;
    const end = columnOffsets[entitlements[rarest] + 1];
    for (let at = columnOffsets[entitlements[rarest]]; at < end; at++) {
      const rowClass = columnRows[at];
      const missing = this.missingPosition(rowClass, size, sum);
      if (missing === allHeld) {
        if (memberCount === this.memberScratch.length) this.growMemberScratch();
        this.memberScratch[memberCount++] = rowClass;
        memberWeight += weights[rowClass];
      } else if (missing >= 0) {
        this.lackingScratch[missing] += weights[rowClass];
      }
    }
    let accepted = memberWeight >= minUsers && memberWeight * (size - 1) >= size + 1;
    if (accepted && confidence > 0) {
      // members ÷ (members + lacking) ≥ confidence, for every entitlement
      const mostLacking = memberWeight / confidence - memberWeight;
      for (let at = 0; at < size; at++) if (this.lackingScratch[at] > mostLacking + slack) accepted = false;
      if (accepted && size > 1) accepted = this.countLackingRarest(entitlements, rarest, sum, mostLacking);
      if (size === 1) accepted = memberWeight / this.userCount >= confidence;
    }
    for (let at = 0; at < size; at++) this.positionInRole[entitlements[at]] = -1;
    if (!accepted) return null;
    return {
      entitlements,
      members: this.memberScratch.slice(0, memberCount),
      memberWeight,
      lacking: this.lackingScratch.slice(0, size),
    };
  }

  private countLackingRarest(entitlements: Int32Array, rarest: number, sum: number, mostLacking: number): boolean {
    const { support, columnOffsets, columnRows, weights } = this.classes;
    let second = rarest === 0 ? 1 : 0;
    for (let at = 0; at < entitlements.length; at++) {
      if (at !== rarest && support[entitlements[at]] < support[entitlements[second]]) second = at;
    }
    let lacking = 0;
    const end = columnOffsets[entitlements[second] + 1];
    for (let at = columnOffsets[entitlements[second]]; at < end; at++) {
      if (this.missingPosition(columnRows[at], entitlements.length, sum) !== rarest) continue;
      lacking += weights[columnRows[at]];
      if (lacking > mostLacking + slack) return false;
    }
    this.lackingScratch[rarest] = lacking;
    return true;
  }

  /** Position of the only entitlement of the marked role that the class lacks; `allHeld`, or `severalMissing`. */
  private missingPosition(rowClass: number, size: number, sum: number): number {
    const { rowOffsets, rowColumns } = this.classes;
    const end = rowOffsets[rowClass + 1];
    let held = 0;
    let left = sum;
    for (let at = rowOffsets[rowClass]; at < end; at++) {
      const position = this.positionInRole[rowColumns[at]];
      if (position >= 0) {
        held++;
        left -= position;
      }
    }
    if (held === size) return allHeld;
    return held === size - 1 ? left : severalMissing;
  }

  private growMemberScratch(): void {
    const larger = new Int32Array(this.memberScratch.length * 2);
    larger.set(this.memberScratch);
    this.memberScratch = larger;
  }
}

const allHeld = -1;
const severalMissing = -2;
/** So that a confidence of exactly the threshold passes in spite of rounding. */
const slack = 1e-9;

function equal(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

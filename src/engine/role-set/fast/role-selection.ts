import type { Candidate } from './candidate-pool.js';
import { RowCover } from './row-cover.js';
import type { RowClasses } from './row-classes.js';
import { type SparseLists, withColumns } from './sparse-lists.js';

/** The roles of every row, packed; see `RoleSelection.snapshot`. */
export interface SelectionSnapshot {
  readonly offsets: Int32Array;
  readonly roles: Int32Array;
}

/**
 * Which candidates are roles, and which rows get them. At any moment the roles of a row fit into it, so whatever state
 * a stop leaves behind is a valid role set.
 */
export class RoleSelection {
  /** 1 for candidates that may be used. */
  private alive = new Uint8Array(0);
  /** Users given the role. */
  private usage = new Float64Array(0);
  /** What the rows would lose without the role, over all users. */
  private savings = new Float64Array(0);
  private fitOffsets = new Int32Array(0);
  private fits = new Int32Array(0);
  /** Roles of row class c: `chosen[rowOffsets[c] .. + chosenCount[c]]`; a row never needs more roles than cells. */
  private readonly chosen: Int32Array;
  private readonly losses: Int32Array;
  private readonly chosenCount: Int32Array;
  private readonly directCount: Int32Array;

  /**
   * @param step called once per covered row; returns true to stop
   * @param roleWeight what a role costs beside its entitlements
   */
  constructor(
    private readonly classes: RowClasses,
    private readonly candidates: readonly Candidate[],
    private readonly step: () => boolean,
    private readonly roleWeight = 1,
  ) {
    const { count, rowOffsets, rowColumns } = classes;
    this.chosen = new Int32Array(rowColumns.length);
    this.losses = new Int32Array(rowColumns.length);
    this.chosenCount = new Int32Array(count);
    this.directCount = Int32Array.from({ length: count }, (_, c) => rowOffsets[c + 1] - rowOffsets[c]);
  }

  rolesOf(rowClass: number): Int32Array {
    const start = this.classes.rowOffsets[rowClass];
    return this.chosen.subarray(start, start + this.chosenCount[rowClass]);
  }

  /** User assignments and direct assignments of each user of the class. */
  costOf(rowClass: number): number {
    return this.chosenCount[rowClass] + this.directCount[rowClass];
  }

  /** Roles in use, ascending. */
  usedRoles(): number[] {
    const used: number[] = [];
    for (let role = 0; role < this.usage.length; role++) if (this.usage[role] > 0) used.push(role);
    return used;
  }

  /** Weighted structural complexity of the present state, with the weight that roles have. */
  complexity(): number {
    let total = 0;
    for (const role of this.usedRoles()) total += this.roleWeight + this.candidates[role].entitlements.length;
    for (let c = 0; c < this.classes.count; c++) total += this.classes.weights[c] * this.costOf(c);
    return total;
  }

  /** What no role covers. */
  leftovers(): SparseLists {
    const { count, rowOffsets, rowColumns, support } = this.classes;
    const leftOffsets = new Int32Array(count + 1);
    for (let c = 0; c < count; c++) leftOffsets[c + 1] = leftOffsets[c] + this.directCount[c];
    const leftColumns = new Int32Array(leftOffsets[count]);
    const coveredIn = new Int32Array(support.length).fill(-1);
    let fill = 0;
    for (let c = 0; c < count; c++) {
      for (const role of this.rolesOf(c)) for (const e of this.candidates[role].entitlements) coveredIn[e] = c;
      for (let at = rowOffsets[c]; at < rowOffsets[c + 1]; at++) {
        if (coveredIn[rowColumns[at]] !== c) leftColumns[fill++] = rowColumns[at];
      }
    }
    return withColumns(leftOffsets, leftColumns, support.length);
  }

  /** Takes in candidates that are new since the last call and covers every row anew. Unused older ones are given up. */
  coverAll(): void {
    this.admit();
    const { classes, candidates } = this;
    // Nobody has a new role yet: it counts as used by a quarter of those who could, a plain guess.
    const preference = Float64Array.from(this.usage, (used, role) => used || candidates[role].memberWeight / 4);
    const cover = new RowCover(classes, candidates, preference);
    for (let c = 0; c < classes.count; c++) {
      if (this.step()) return;
      this.coverRow(c, cover);
    }
  }

  private admit(): void {
    const { candidates } = this;
    const known = this.alive.length;
    this.usage = grown(this.usage, candidates.length);
    this.savings = grown(this.savings, candidates.length);
    this.alive = Uint8Array.from(candidates, (_, role) => (role >= known || this.usage[role] > 0 ? 1 : 0));
    this.indexFits();
  }

  private indexFits(): void {
    const { classes, candidates, alive } = this;
    const offsets = new Int32Array(classes.count + 1);
    for (let role = 0; role < candidates.length; role++) {
      if (alive[role] === 1) for (const rowClass of candidates[role].members) offsets[rowClass + 1]++;
    }
    for (let c = 0; c < classes.count; c++) offsets[c + 1] += offsets[c];
    const fill = offsets.slice(0, classes.count);
    const fits = new Int32Array(offsets[classes.count]);
    for (let role = 0; role < candidates.length; role++) {
      if (alive[role] === 1) for (const rowClass of candidates[role].members) fits[fill[rowClass]++] = role;
    }
    this.fitOffsets = offsets;
    this.fits = fits;
  }

  private coverRow(rowClass: number, cover: RowCover): void {
    const from = this.fitOffsets[rowClass];
    cover.cover(rowClass, this.fits.subarray(from, this.fitOffsets[rowClass + 1]), this.alive);
    const start = this.classes.rowOffsets[rowClass];
    const weight = this.classes.weights[rowClass];
    for (let at = start; at < start + this.chosenCount[rowClass]; at++) {
      this.usage[this.chosen[at]] -= weight;
      this.savings[this.chosen[at]] -= weight * this.losses[at];
    }
    for (let at = 0; at < cover.chosenCount; at++) {
      const role = cover.chosen[at];
      this.chosen[start + at] = role;
      this.losses[start + at] = cover.losses[at];
      this.usage[role] += weight;
      this.savings[role] += weight * cover.losses[at];
    }
    this.chosenCount[rowClass] = cover.chosenCount;
    this.directCount[rowClass] = cover.directCount;
  }

  /**
   * Gives up roles that cost more (themselves and their entitlements) than the rows would lose, the worst first. Their
   * rows are covered again at once, so the savings of the remaining roles stay true.
   */
  dropUnpaying(): void {
    const { candidates, alive, usage } = this;
    const cover = new RowCover(this.classes, candidates, usage);
    for (let dropped = 1; dropped > 0;) {
      dropped = 0;
      const order = this.usedRoles().sort((a, b) => this.net(a) - this.net(b) || a - b);
      for (const role of order) {
        if (usage[role] === 0 || this.net(role) >= 0) continue;
        alive[role] = 0;
        dropped++;
        for (const rowClass of candidates[role].members) {
          if (!this.rolesOf(rowClass).includes(role)) continue;
          if (this.step()) return;
          this.coverRow(rowClass, cover);
        }
      }
    }
  }

  private net(role: number): number {
    return this.savings[role] - this.roleWeight - this.candidates[role].entitlements.length;
  }

  snapshot(): SelectionSnapshot {
    const { count } = this.classes;
    const offsets = new Int32Array(count + 1);
    for (let c = 0; c < count; c++) offsets[c + 1] = offsets[c] + this.chosenCount[c];
    const roles = new Int32Array(offsets[count]);
    for (let c = 0; c < count; c++) roles.set(this.rolesOf(c), offsets[c]);
    return { offsets, roles };
  }
}

function grown(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}

import type { EngineControl } from '../control.js';
import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { bySupport, frequentMatrix, type FrequentMatrix } from './frequent-matrix.js';
import type { PatternFindings } from './found-sets.js';
import type { PatternTask } from './pattern-task.js';
import type { SupportRange } from './support-ladder.js';
import { usefulColumnsTask } from './useful-columns.js';
import { userClasses, userClassesTask, type UserClasses } from './user-classes.js';

const NONE = new Int32Array(0);

/**
 * The matrix that each step of a search looks at. Supports only go down from step to step, so a matrix has the columns
 * of those before it: users are divided further by the new ones instead of being compared again.
 */
export class GrowingMatrix {
  private readonly classes: UserClasses;
  /** Per entitlement: 1 for those that are columns. */
  private readonly isColumn: Int32Array;
  private countedFrom = Infinity;
  private matrix: FrequentMatrix | null = null;

  constructor(private readonly original: AccessMatrix) {
    this.classes = userClasses(original);
    this.isColumn = new Int32Array(original.entitlementCount);
  }

  /** Has the columns of all that came before it. */
  get last(): FrequentMatrix | null {
    return this.matrix;
  }

  /** Yields tasks, for any number of threads. Answers null when there are no columns, or when the caller has cancelled. */
  *matrixFor(
    range: SupportRange,
    floor: number,
    control: EngineControl,
  ): Generator<PatternTask, FrequentMatrix | null, readonly PatternFindings[]> {
    const { original, classes, isColumn } = this;
    const counted = this.entitlements((_, support) => support >= range.minSupport && support < this.countedFrom);
    const candidates = this.entitlements((e, support) => support >= range.minSupport && isColumn[e] === 0);
    this.countedFrom = range.minSupport;
    let added = candidates;
    if (floor > 0 && candidates.length > 0) {
      if (counted.length > 0) yield userClassesTask(classes, counted, NONE, NONE);
      const useful = usefulColumnsTask(original, range, floor, classes.masses, candidates);
      yield useful;
      if (control.isCancelled?.() === true) return null;
      added = candidates.filter((_, i) => useful.isUseful[i] === 1);
    }
    if (added.length > 0) {
      for (const e of added) isColumn[e] = 1;
      const ranked = bySupport(
        original,
        this.entitlements((e) => isColumn[e] === 1),
      );
      const ranks = sharedInt32(original.entitlementCount).fill(-1);
      for (let rank = 0; rank < ranked.length; rank++) ranks[ranked[rank]] = rank;
      yield userClassesTask(classes, floor > 0 ? NONE : counted, added, ranks);
      this.matrix = frequentMatrix(classes, ranked);
    }
    return this.matrix;
  }

  private entitlements(isWanted: (entitlement: number, support: number) => boolean): Int32Array {
    const { entitlementCount, columnOffsets } = this.original;
    const wanted = new Int32Array(entitlementCount);
    let count = 0;
    for (let e = 0; e < entitlementCount; e++) {
      if (isWanted(e, columnOffsets[e + 1] - columnOffsets[e])) wanted[count++] = e;
    }
    return wanted.slice(0, count);
  }
}

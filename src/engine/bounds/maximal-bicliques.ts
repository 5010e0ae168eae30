import type { SearchMeter } from '../role-set/search/search-meter.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';

/** A set of users times a set of permissions, every pair of which is an edge. Both ascending, neither empty. */
export interface Biclique {
  readonly users: Int32Array;
  readonly permissions: Int32Array;
}

/**
 * Lists all maximal bicliques by Close-by-One (Kuznetsov, "A fast algorithm for computing all intersections of objects in
 * a finite semi-lattice", 1993): extents are bitsets over the smaller side, permissions or users of the larger side are
 * added in order, and a closure that brings in an earlier one was listed before. O(bicliques · n² · words) for n on the
 * larger side, but nearly all canonicity tests fail at once.
 *
 * @returns null when there are more than `limit` bicliques, when their edges add up to more than `edgeLimit`, or when the
 *   meter stops first
 */
export function listMaximalBicliques(
  upa: WeightedUpa,
  limit: number,
  edgeLimit: number,
  meter: SearchMeter,
): Biclique[] | null {
  const byPermission = upa.permissionCount >= upa.userCount;
  const side = byPermission
    ? { count: upa.permissionCount, width: upa.userCount, offsets: upa.columnOffsets, members: upa.columnUsers }
    : { count: upa.userCount, width: upa.permissionCount, offsets: upa.rowOffsets, members: upa.rowPermissions };
  const found: Biclique[] = [];
  let edges = 0;
  const complete = new CloseByOne(side, meter).list((extent, intent) => {
    edges += extent.length * intent.length;
    found.push(byPermission ? { users: extent, permissions: intent } : { users: intent, permissions: extent });
    return found.length <= limit && edges <= edgeLimit;
  });
  return complete ? found : null;
}

/** The larger side of the matrix: `count` attributes, each a set of `width` possible members. */
interface Side {
  readonly count: number;
  readonly width: number;
  readonly offsets: Int32Array;
  readonly members: Int32Array;
}

class CloseByOne {
  private readonly words: number;
  private readonly columns: Int32Array;
  private emit: (extent: Int32Array, intent: Int32Array) => boolean = () => false;

  constructor(
    private readonly side: Side,
    private readonly meter: SearchMeter,
  ) {
    this.words = (side.width + 31) >>> 5;
    this.columns = new Int32Array(side.count * this.words);
    for (let column = 0; column < side.count; column++) {
      for (let at = side.offsets[column]; at < side.offsets[column + 1]; at++) {
        const member = side.members[at];
        this.columns[column * this.words + (member >>> 5)] |= 1 << (member & 31);
      }
    }
  }

  /** @returns whether all were listed: `emit` says whether to go on */
  list(emit: (extent: Int32Array, intent: Int32Array) => boolean): boolean {
    this.emit = emit;
    const all = new Int32Array(this.words);
    for (let member = 0; member < this.side.width; member++) all[member >>> 5] |= 1 << (member & 31);
    const intent = new Uint8Array(this.side.count);
    for (let column = 0; column < intent.length; column++) intent[column] = this.contains(column, all) ? 1 : 0;
    return this.visit(all, intent, 0);
  }

  private visit(extent: Int32Array, intent: Uint8Array, from: number): boolean {
    if (intent.includes(1) && !this.emit(bitsOf(extent), onesOf(intent))) return false;
    const { words, columns, meter } = this;
    for (let column = from; column < intent.length; column++) {
      if (intent[column] === 1) continue;
      const narrowed = new Int32Array(words);
      let any = 0;
      for (let word = 0; word < words; word++) {
        any |= narrowed[word] = extent[word] & columns[column * words + word];
      }
      meter.work += words;
      if (any === 0 || !this.isCanonical(narrowed, intent, column)) continue;
      const closed = intent.slice();
      closed[column] = 1;
      for (let later = column + 1; later < closed.length; later++) {
        if (closed[later] === 0 && this.contains(later, narrowed)) closed[later] = 1;
      }
      meter.work += closed.length;
      if (meter.mustStop() || !this.visit(narrowed, closed, column + 1)) return false;
    }
    return true;
  }

  private isCanonical(extent: Int32Array, intent: Uint8Array, column: number): boolean {
    for (let earlier = 0; earlier < column; earlier++) {
      if (intent[earlier] === 0 && this.contains(earlier, extent)) {
        this.meter.work += earlier;
        return false;
      }
    }
    this.meter.work += column;
    return true;
  }

  private contains(column: number, extent: Int32Array): boolean {
    const { words, columns } = this;
    for (let word = 0; word < words; word++) {
      if ((extent[word] & ~columns[column * words + word]) !== 0) return false;
    }
    return true;
  }
}

function bitsOf(words: Int32Array): Int32Array {
  const bits: number[] = [];
  for (let bit = 0; bit < words.length << 5; bit++) if ((words[bit >>> 5] >>> (bit & 31)) & 1) bits.push(bit);
  return Int32Array.from(bits);
}

function onesOf(flags: Uint8Array): Int32Array {
  const ones: number[] = [];
  for (let index = 0; index < flags.length; index++) if (flags[index] === 1) ones.push(index);
  return Int32Array.from(ones);
}

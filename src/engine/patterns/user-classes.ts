import { sharedInt32, type AccessMatrix } from '../matrix/access-matrix.js';
import { claimable, type SharedTask } from './shared-task.js';

/**
 * Users in parts of consecutive numbers, each part divided into classes of users who hold the same of the entitlements
 * taken up so far. Parts are what threads share out. All arrays live in shared memory.
 */
export interface UserClasses {
  readonly matrix: AccessMatrix;
  readonly partSize: number;
  readonly partCount: number;
  /** Per user the class. The classes of a part are numbered from its first user. */
  readonly classOfUser: Int32Array;
  /** Per part the number of classes. */
  readonly classCounts: Int32Array;
  /** Users per class. */
  readonly sizes: Int32Array;
  /** One user per class. */
  readonly members: Int32Array;
  /** Per user how many of the entitlements counted so far he holds. */
  readonly masses: Int32Array;
  /** Per class what its users hold: `values[starts .. starts + lengths)`, and the hash of that. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly hashes: Int32Array;
  /** Ranks. */
  readonly values: Int32Array;
}

/** Its pieces are the parts. */
export interface UserClassesTask extends SharedTask {
  readonly kind: 'user-classes';
  readonly classes: UserClasses;
  /** Entitlements to be counted into the masses, none counted before. */
  readonly counted: Int32Array;
  /** Entitlements that classes are to be divided by, none taken up before. */
  readonly added: Int32Array;
  /** Per entitlement its rank among all taken up with these, -1 for the others. */
  readonly ranks: Int32Array;
}

// With 16 the classes of all parts were three times as many, and putting them together is not shared out.
const MAX_PARTS = 4;
/** Too few users to share out. */
const MIN_PART_SIZE = 1024;

/** All users in one class per part, nothing counted. */
export function userClasses(matrix: AccessMatrix): UserClasses {
  const { userCount } = matrix;
  const partSize = Math.max(MIN_PART_SIZE, Math.ceil(userCount / MAX_PARTS));
  const partCount = Math.ceil(userCount / partSize);
  const classes = {
    matrix,
    partSize,
    partCount,
    classOfUser: sharedInt32(userCount),
    classCounts: sharedInt32(partCount).fill(1),
    sizes: sharedInt32(userCount),
    members: sharedInt32(userCount),
    masses: sharedInt32(userCount),
    starts: sharedInt32(userCount),
    lengths: sharedInt32(userCount),
    hashes: sharedInt32(userCount),
    values: sharedInt32(matrix.assignmentCount),
  };
  for (let part = 0; part < partCount; part++) {
    const first = part * partSize;
    classes.sizes[first] = Math.min(partSize, userCount - first);
    classes.classOfUser.fill(first, first, first + partSize);
  }
  return classes;
}

export function userClassesTask(
  classes: UserClasses,
  counted: Int32Array,
  added: Int32Array,
  ranks: Int32Array,
): UserClassesTask {
  return { kind: 'user-classes', classes, counted, added, ranks, ...claimable(classes.partCount) };
}

/**
 * Counts and divides one part. O(its assignments of the entitlements named), without hashing or comparing: partition
 * refinement, R. Paige, R. E. Tarjan, "Three partition refinement algorithms" (SIAM J. Comput. 16, 1987).
 */
export function refineClasses({ classes, counted, added, ranks }: UserClassesTask, part: number): void {
  const { matrix, partSize } = classes;
  const first = part * partSize;
  const end = Math.min(first + partSize, matrix.userCount);
  if (counted.length > 0) countMasses(classes, counted, first, end);
  if (added.length === 0) return;
  divide(classes, added, part, first, end);
  list(classes, ranks, first, end);
}

function countMasses({ matrix, masses }: UserClasses, entitlements: Int32Array, first: number, end: number): void {
  const { columnOffsets, columnRows } = matrix;
  for (const e of entitlements) {
    const stop = lowerBound(columnRows, columnOffsets[e], columnOffsets[e + 1], end);
    for (let at = lowerBound(columnRows, columnOffsets[e], stop, first); at < stop; at++) masses[columnRows[at]]++;
  }
}

function divide(classes: UserClasses, entitlements: Int32Array, part: number, first: number, end: number): void {
  const { columnOffsets, columnRows } = classes.matrix;
  const { classOfUser, members, sizes } = classes;
  const held = new Int32Array(end - first);
  /** The last entitlement that a class was divided by, + 1, and where its users with it have gone. */
  const dividedBy = new Int32Array(end - first);
  const targets = new Int32Array(end - first);
  let count = classes.classCounts[part];
  for (const e of entitlements) {
    const stop = lowerBound(columnRows, columnOffsets[e], columnOffsets[e + 1], end);
    const start = lowerBound(columnRows, columnOffsets[e], stop, first);
    for (let at = start; at < stop; at++) held[classOfUser[columnRows[at]] - first]++;
    const mark = e + 1;
    for (let at = start; at < stop; at++) {
      const user = columnRows[at];
      const from = classOfUser[user] - first;
      if (dividedBy[from] !== mark) {
        dividedBy[from] = mark;
        targets[from] = first + from;
        if (held[from] < sizes[first + from]) {
          targets[from] = first + count;
          sizes[first + count++] = held[from];
          sizes[first + from] -= held[from];
        }
        held[from] = 0;
      }
      classOfUser[user] = targets[from];
    }
  }
  classes.classCounts[part] = count;
  for (let user = end - 1; user >= first; user--) members[classOfUser[user]] = user;
}

/** Writes down what the classes of the part hold. */
function list(classes: UserClasses, ranks: Int32Array, first: number, last: number): void {
  const { matrix, classOfUser, members, starts, lengths, hashes, values } = classes;
  const { rowOffsets, rowColumns } = matrix;
  // As much room as for the users of the part, each of whom is in one class.
  let end = rowOffsets[first];
  // In the order of the users, for rows lie in that order: class by class most of the time went into waiting for memory.
  for (let user = first; user < last; user++) {
    const at = classOfUser[user];
    if (members[at] !== user) continue;
    const start = end;
    // No branch: whether a value stays is as good as random, and a mispredicted branch costs more than a write.
    for (let k = rowOffsets[user]; k < rowOffsets[user + 1]; k++) {
      const rank = ranks[rowColumns[k]];
      values[end] = rank;
      end += (rank >>> 31) ^ 1;
    }
    let hash = 0;
    for (let k = start; k < end; k++) {
      hash = Math.imul(hash ^ values[k], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    starts[at] = start;
    lengths[at] = end - start;
    hashes[at] = hash;
  }
}

/** The first position in [from, end) with a value of at least `least`, `end` when there is none; values ascend. */
function lowerBound(values: Int32Array, from: number, end: number, least: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { withColumns } from '../role-set/fast/sparse-lists.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { GrantCounts } from './noise-model.js';
import type { Block, RowExplanation } from './row-explanation.js';

/** An entitlement joins a block when at least this share of its users have it left over … */
const joiningShare = 0.6;
/** … and stays in it when at least this share of those to whom no other block grants it hold it. */
const stayingShare = 0.7;

/** A block is joined to another that so many of its users have … */
const companionShare = 0.8;
/** … unless that one has many more users of its own: a birthright above it, which stays a block by itself. */
const companionUsers = 4;

/** What explaining every row tells about the blocks; see `survey`. */
export interface BlockSurvey extends GrantCounts {
  /** Per block: users who have it. */
  readonly usersOf: readonly (readonly number[])[];
  /** Per block: how much less probable all rows together would be with the other blocks only, in nats. */
  readonly savings: Float64Array;
  /** Per block, parallel to its entitlements: users to whom no other block grants it, and how many of those hold it. */
  readonly soleGrants: readonly Int32Array[];
  readonly soleHeld: readonly Int32Array[];
}

/**
 * Explains every row of the matrix and counts.
 *
 * @param step called once per row; returns true to stop
 * @returns null when stopped
 */
export function survey(matrix: AccessMatrix, explanation: RowExplanation, step: () => boolean): BlockSurvey | null {
  const { blocks } = explanation;
  const usersOf: number[][] = blocks.map(() => []);
  const savings = new Float64Array(blocks.length);
  const soleGrants = blocks.map(({ entitlements }) => new Int32Array(entitlements.length));
  const soleHeld = blocks.map(({ entitlements }) => new Int32Array(entitlements.length));
  const countedFor = new Int32Array(matrix.entitlementCount).fill(-1);
  const leftOffsets = new Int32Array(matrix.userCount + 1);
  const left: number[] = [];
  let granted = 0;
  let missing = 0;
  for (let user = 0; user < matrix.userCount; user++) {
    if (step()) return null;
    const row = matrix.rowColumns.subarray(matrix.rowOffsets[user], matrix.rowOffsets[user + 1]);
    explanation.explain(user, row);
    for (const block of explanation.chosen) {
      usersOf[block].push(user);
      savings[block] += explanation.advantage(block);
      const { entitlements } = blocks[block];
      for (let position = 0; position < entitlements.length; position++) {
        const entitlement = entitlements[position];
        const isHeld = explanation.isHeld(entitlement);
        if (!explanation.isGrantedTwice(entitlement)) {
          soleGrants[block][position]++;
          if (isHeld) soleHeld[block][position]++;
        }
        if (countedFor[entitlement] === user) continue;
        countedFor[entitlement] = user;
        granted++;
        if (!isHeld) missing++;
      }
    }
    for (const entitlement of row) if (!explanation.isGranted(entitlement)) left.push(entitlement);
    leftOffsets[user + 1] = left.length;
  }
  const leftovers = withColumns(leftOffsets, Int32Array.from(left), matrix.entitlementCount);
  return { leftovers, granted, missing, usersOf, savings, soleGrants, soleHeld };
}

/**
 * Blocks worth their description (one choice among all entitlements for each of theirs and one more), and beside them
 * or instead of them the same blocks as their users show them: with what most of them have left over, without what too
 * many lack.
 *
 * @param step called twice per block; returns true to stop, with what there is
 */
export function reviseBlocks(
  blocks: readonly Block[],
  found: BlockSurvey,
  entitlementCount: number,
  step: () => boolean,
): Block[] {
  const describe = Math.log(Math.max(2, entitlementCount));
  const revised: Block[] = [];
  const leftShare = new Int32Array(entitlementCount);
  for (const [index, block] of blocks.entries()) {
    if (step()) break;
    const { entitlements } = block;
    if (found.savings[index] < describe * (1 + entitlements.length)) continue;
    const users = found.usersOf[index].length;
    const seen: number[] = [];
    for (const user of found.usersOf[index]) {
      for (let at = found.leftovers.rowOffsets[user]; at < found.leftovers.rowOffsets[user + 1]; at++) {
        if (leftShare[found.leftovers.rowColumns[at]]++ === 0) seen.push(found.leftovers.rowColumns[at]);
      }
    }
    const joining = seen.filter((entitlement) => leftShare[entitlement] >= joiningShare * users);
    for (const entitlement of seen) leftShare[entitlement] = 0;
    const staying = entitlements.filter(
      (_, at) => found.soleHeld[index][at] >= stayingShare * found.soleGrants[index][at],
    );
    if (staying.length === entitlements.length) revised.push({ entitlements, users });
    const shape = Int32Array.from([...staying, ...joining]).sort();
    if (shape.length >= 2 && (joining.length > 0 || staying.length < entitlements.length)) {
      revised.push({ entitlements: shape, users });
    }
  }
  return [...revised, ...unions(blocks, found, step)];
}

/** Parts of one role that were found apart: an entitlement shared with other roles keeps them from being one class. */
function unions(blocks: readonly Block[], { usersOf }: BlockSurvey, step: () => boolean): Block[] {
  const userBlocks = new Map<number, number[]>();
  for (const [block, users] of usersOf.entries()) {
    for (const user of users) {
      const list = userBlocks.get(user);
      if (list) list.push(block);
      else userBlocks.set(user, [block]);
    }
  }
  const together = new Int32Array(blocks.length);
  const found: Block[] = [];
  for (const [block, users] of usersOf.entries()) {
    if (step()) break;
    for (const user of users) for (const other of userBlocks.get(user) ?? []) together[other]++;
    for (let other = 0; other < blocks.length; other++) {
      const isCompanion =
        other !== block &&
        together[other] >= companionShare * users.length &&
        usersOf[other].length <= companionUsers * users.length;
      if (isCompanion && users.length > 0) {
        const union = new Set([...blocks[block].entitlements, ...blocks[other].entitlements]);
        found.push({ entitlements: Int32Array.from(union).sort(), users: together[other] });
      }
      together[other] = 0;
    }
  }
  return found;
}

/**
 * Fewer user–role and role–permission pairs for the same roles: every user is covered anew by as few of the roles
 * within its permissions as the greedy set cover finds (Chvátal, "A greedy heuristic for the set-covering problem",
 * Math. Oper. Res. 1979), then every permission by as few of the roles whose users all hold it, in turns. What a list
 * had stays when nothing smaller is found, so the number of pairs only falls and nothing is ever uncovered.
 */
import type { AccessMatrix } from '../../matrix/access-matrix.js';
import type { ReducedRole } from './role-expansion.js';
import type { SearchBudget } from './search-budget.js';

const ROUNDS = 4;

/** One orientation of the matrix: `lists` are covered by roles, which are fixed sets of `values`. */
interface Orientation {
  readonly listCount: number;
  readonly offsets: Int32Array;
  readonly values: Int32Array;
  readonly valueCount: number;
  readonly valueOffsets: Int32Array;
  readonly valueLists: Int32Array;
}

/** Returns as many roles, or fewer where one turns out not to be needed. When cancelled, what it has is valid. */
export function trimRoles(matrix: AccessMatrix, roles: readonly ReducedRole[], budget: SearchBudget): ReducedRole[] {
  const byUser: Orientation = {
    listCount: matrix.userCount,
    offsets: matrix.rowOffsets,
    values: matrix.rowColumns,
    valueCount: matrix.entitlementCount,
    valueOffsets: matrix.columnOffsets,
    valueLists: matrix.columnRows,
  };
  const byPermission: Orientation = {
    listCount: matrix.entitlementCount,
    offsets: matrix.columnOffsets,
    values: matrix.columnRows,
    valueCount: matrix.userCount,
    valueOffsets: matrix.rowOffsets,
    valueLists: matrix.rowColumns,
  };
  // Maximal bicliques to begin with: more choice for both sides.
  let users = roles.map((role) => listsWithAll(byUser, role.permissions));
  let permissions = users.map((set) => listsWithAll(byPermission, set));
  let pairs = Infinity;
  for (let round = 0; round < ROUNDS && !budget.cancelled; round++) {
    users = reassign(byUser, permissions, users, budget);
    permissions = reassign(byPermission, users, permissions, budget);
    const left = [...users, ...permissions].reduce((sum, list) => sum + list.length, 0);
    if (left >= pairs) break;
    pairs = left;
  }
  return roles
    .map((_, role) => ({ users: users[role], permissions: permissions[role] }))
    .filter((role) => role.users.length > 0 && role.permissions.length > 0);
}

/** The lists that contain all values of the set, ascending; none for an empty set. */
function listsWithAll({ valueOffsets, valueLists }: Orientation, set: Int32Array): Int32Array {
  if (set.length === 0) return new Int32Array(0);
  let lists = valueLists.slice(valueOffsets[set[0]], valueOffsets[set[0] + 1]);
  for (let k = 1; k < set.length; k++) {
    let at = valueOffsets[set[k]];
    const end = valueOffsets[set[k] + 1];
    let kept = 0;
    for (const list of lists) {
      while (at < end && valueLists[at] < list) at++;
      if (at < end && valueLists[at] === list) lists[kept++] = list;
    }
    lists = lists.subarray(0, kept);
  }
  return lists.slice();
}

/** Covers every list anew by roles, given the set of values of each role; returns the lists of each role, ascending. */
function reassign(
  orientation: Orientation,
  sets: readonly Int32Array[],
  assigned: readonly Int32Array[],
  budget: SearchBudget,
): Int32Array[] {
  const { listCount, offsets } = orientation;
  const candidates = rolesOfLists(sets.map((set) => listsWithAll(orientation, set)), listCount);
  const present = rolesOfLists(assigned, listCount);
  const result = sets.map((): number[] => []);
  const cover = new GreedyCover(orientation.valueCount, sets);
  for (let list = 0; list < listCount; list++) {
    const now = present[list];
    let chosen: readonly number[] = now;
    if (now.length > 1 && !budget.cancelled) {
      chosen = cover.choose(candidates[list], offsets[list + 1] - offsets[list]);
      if (chosen.length >= now.length) chosen = now;
      budget.spend(cover.work);
    }
    for (const role of chosen) result[role].push(list);
  }
  return result.map((lists) => Int32Array.from(lists));
}

function rolesOfLists(listsOfRoles: readonly Int32Array[], listCount: number): number[][] {
  const roles = Array.from({ length: listCount }, (): number[] => []);
  listsOfRoles.forEach((lists, role) => lists.forEach((list) => roles[list].push(role)));
  return roles;
}

/** Greedy set cover with arrays reused from list to list. */
class GreedyCover {
  /** Elementary operations of the last choice. */
  work = 0;
  private readonly sets: readonly Int32Array[];
  private readonly gains: Int32Array;
  /** Chosen roles that hold each value. */
  private readonly covered: Int32Array;
  /** Chains of the candidate roles that hold each value. */
  private readonly heads: Int32Array;
  private readonly next: number[] = [];
  private readonly roles: number[] = [];

  constructor(valueCount: number, sets: readonly Int32Array[]) {
    this.sets = sets;
    this.gains = new Int32Array(sets.length);
    this.covered = new Int32Array(valueCount);
    this.heads = new Int32Array(valueCount).fill(-1);
  }

  /** Few of the candidates whose union, which has `size` values, is that of all; ties go to the lower role. */
  choose(candidates: readonly number[], size: number): number[] {
    let links = 0;
    for (const role of candidates) {
      this.gains[role] = this.sets[role].length;
      for (const value of this.sets[role]) {
        this.roles[links] = role;
        this.next[links] = this.heads[value];
        this.heads[value] = links++;
      }
    }
    const chosen: number[] = [];
    for (let open = size; open > 0;) {
      let best = candidates[0];
      for (const role of candidates) if (this.gains[role] > this.gains[best]) best = role;
      chosen.push(best);
      for (const value of this.sets[best]) {
        if (this.covered[value]++ > 0) continue;
        open--;
        for (let link = this.heads[value]; link >= 0; link = this.next[link]) this.gains[this.roles[link]]--;
      }
    }
    this.work = 2 * links + candidates.length * chosen.length;
    const needed = chosen.filter((role) => {
      const redundant = this.sets[role].every((value) => this.covered[value] > 1);
      if (redundant) for (const value of this.sets[role]) this.covered[value]--;
      return !redundant;
    });
    for (const role of candidates) {
      for (const value of this.sets[role]) {
        this.heads[value] = -1;
        this.covered[value] = 0;
      }
    }
    return needed;
  }
}

import { lowestBit } from './bits.js';
import type { EdgeTable } from './edge-table.js';

/** A set of edges with the users and permissions that they touch, renumbered from 0, and who of them holds what. */
export interface EdgeComponent {
  /** Edge ids in the edge table, ascending. */
  readonly edges: Int32Array;
  /** Per edge of the component, its user and permission in the component's own numbers. */
  readonly users: Int32Array;
  readonly permissions: Int32Array;
  readonly userCount: number;
  readonly permissionCount: number;
  /** Edges of user `u`: positions `userOffsets[u] .. userOffsets[u + 1]`. */
  readonly userOffsets: Int32Array;
  /** Words per row of `held`. */
  readonly words: number;
  /** Bit matrix users × permissions of all assignments among them, also those that are not edges of the component. */
  readonly held: Int32Array;
}

/** Renumberings of users and permissions, reused from component to component; all −1 between uses. */
export interface LocalNumbers {
  readonly users: Int32Array;
  readonly permissions: Int32Array;
}

export function localNumbersFor(table: EdgeTable): LocalNumbers {
  return {
    users: new Int32Array(table.matrix.userCount).fill(-1),
    permissions: new Int32Array(table.matrix.entitlementCount).fill(-1),
  };
}

/** How many users and permissions these edges touch. */
export function extentOf(
  table: EdgeTable,
  edges: Int32Array,
  numbers: LocalNumbers,
): { users: number; permissions: number } {
  let users = 0;
  let permissions = 0;
  for (const edge of edges) {
    const user = table.edgeUsers[edge];
    const permission = table.matrix.rowColumns[edge];
    if (numbers.users[user] < 0) numbers.users[user] = users++;
    if (numbers.permissions[permission] < 0) numbers.permissions[permission] = permissions++;
  }
  forget(table, edges, numbers);
  return { users, permissions };
}

/** O(edges + assignments of their users). */
export function edgeComponentOf(table: EdgeTable, edges: Int32Array, numbers: LocalNumbers): EdgeComponent {
  const { matrix, edgeUsers } = table;
  const users = new Int32Array(edges.length);
  const permissions = new Int32Array(edges.length);
  const userIds: number[] = [];
  const userStarts: number[] = [];
  let permissionCount = 0;
  edges.forEach((edge, at) => {
    const user = edgeUsers[edge];
    const permission = matrix.rowColumns[edge];
    if (numbers.users[user] < 0) {
      numbers.users[user] = userIds.length;
      userIds.push(user);
      userStarts.push(at);
    }
    if (numbers.permissions[permission] < 0) numbers.permissions[permission] = permissionCount++;
    users[at] = numbers.users[user];
    permissions[at] = numbers.permissions[permission];
  });
  const words = Math.ceil(permissionCount / 32);
  const held = new Int32Array(userIds.length * words);
  userIds.forEach((user, row) => {
    for (let at = matrix.rowOffsets[user]; at < matrix.rowOffsets[user + 1]; at++) {
      const permission = numbers.permissions[matrix.rowColumns[at]];
      if (permission >= 0) held[row * words + (permission >>> 5)] |= 1 << (permission & 31);
    }
  });
  forget(table, edges, numbers);
  return {
    edges,
    users,
    permissions,
    userCount: userIds.length,
    permissionCount,
    userOffsets: Int32Array.from([...userStarts, edges.length]),
    words,
    held,
  };
}

function forget(table: EdgeTable, edges: Int32Array, numbers: LocalNumbers): void {
  for (const edge of edges) {
    numbers.users[table.edgeUsers[edge]] = -1;
    numbers.permissions[table.matrix.rowColumns[edge]] = -1;
  }
}

/** The users of each permission, from the bit matrix: `holders[offsets[p] .. offsets[p + 1])`, ascending. */
export function holdersByPermission(component: EdgeComponent): { offsets: Int32Array; holders: Int32Array } {
  const { userCount, permissionCount, words, held } = component;
  const offsets = new Int32Array(permissionCount + 1);
  const forEachHeld = (visit: (user: number, permission: number) => void): void => {
    for (let user = 0; user < userCount; user++) {
      for (let word = 0; word < words; word++) {
        for (let bits = held[user * words + word]; bits !== 0; bits &= bits - 1) {
          visit(user, word * 32 + lowestBit(bits));
        }
      }
    }
  };
  forEachHeld((_, permission) => offsets[permission + 1]++);
  for (let permission = 0; permission < permissionCount; permission++) offsets[permission + 1] += offsets[permission];
  const holders = new Int32Array(offsets[permissionCount]);
  const fill = offsets.slice(0, permissionCount);
  forEachHeld((user, permission) => (holders[fill[permission]++] = user));
  return { offsets, holders };
}

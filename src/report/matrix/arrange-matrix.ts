/** Lists of integers, one after the other: list `i` is `values[offsets[i] .. offsets[i + 1])`, ascending. */
export interface IntegerLists {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** Who holds what, and the roles that explain it, as dense integers. */
export interface MatrixSource {
  readonly entitlementCount: number;
  /** Entitlements of each user. */
  readonly access: IntegerLists;
  readonly roles: readonly MatrixRole[];
}

export interface MatrixRole {
  readonly entitlements: Int32Array;
  /** Users to whom the proposal gives it. */
  readonly users: Int32Array;
}

export interface MatrixLimits {
  readonly users: number;
  readonly entitlements: number;
}

/** The users and entitlements to show, in the order in which the roles stand out as blocks. */
export interface MatrixArrangement {
  readonly users: Int32Array;
  /** Whether users are left out beside those with exactly the access of others. */
  readonly isSampled: boolean;
  /** Per shown user: how many there are with exactly the same access and roles, the user included. */
  readonly alike: Int32Array;
  readonly entitlements: Int32Array;
  /** Roles of all users, as ranks: 0 is the role with the most users. */
  readonly ranksOfUser: IntegerLists;
  /** The role of each rank. */
  readonly roleOfRank: Int32Array;
}

/** People with exactly the same access and roles are all drawn up to that many; of the others the square root. */
const ALL_ALIKE = 8;
/** Part of the rows that is kept for members of roles that a sample in proportion has left out. */
const SMALL_ROLES_SHARE = 1 / 3;

/**
 * Orders the matrix by its roles. Users are sorted by the roles that they are given, largest role first, so that people with
 * the same roles stand together and nested roles lie within each other; entitlements follow in the order in which the
 * roles appear from top to bottom, so that blocks run down the diagonal. What no role explains comes last.
 *
 * Of many people with exactly the same access only some are drawn: 2,300 equal rows say no more than 50, and would leave no room
 * for the rest (as in the published americas_small). If there are still too many users they are sampled: evenly spaced in that order, which keeps every group of people with the same roles in proportion;
 * then one member each for roles that have none yet, largest first. O(n log n) for n users, 0.3 s for 100,000.
 */
export function arrangeMatrix(source: MatrixSource, limits: MatrixLimits): MatrixArrangement {
  const { roles } = source;
  const roleOfRank = Int32Array.from(roles, (_, role) => role).sort(
    (a, b) => roles[b].users.length - roles[a].users.length || a - b,
  );
  const ranksOfUser = ranksByUser(source, roleOfRank);
  const alike = new Int32Array(source.access.offsets.length - 1);
  const order = thinOutAlike(userOrder(source, ranksOfUser), source, ranksOfUser, alike);
  const users = order.length <= limits.users ? order : sampleUsers(order, ranksOfUser, roles, roleOfRank, limits.users);
  const entitlements = entitlementOrder(source, users, ranksOfUser, roleOfRank).subarray(0, limits.entitlements);
  return {
    users,
    isSampled: users.length < order.length,
    alike: users.map((user) => alike[user]),
    entitlements,
    ranksOfUser,
    roleOfRank,
  };
}

/** List `index`, as a view. */
export function listAt({ offsets, values }: IntegerLists, index: number): Int32Array {
  return values.subarray(offsets[index], offsets[index + 1]);
}

function ranksByUser({ access, roles }: MatrixSource, roleOfRank: Int32Array): IntegerLists {
  const userCount = access.offsets.length - 1;
  const offsets = new Int32Array(userCount + 1);
  for (const { users } of roles) for (const user of users) offsets[user + 1]++;
  for (let user = 0; user < userCount; user++) offsets[user + 1] += offsets[user];
  const values = new Int32Array(offsets[userCount]);
  const next = offsets.slice(0, userCount);
  for (const [rank, role] of roleOfRank.entries()) for (const user of roles[role].users) values[next[user]++] = rank;
  return { offsets, values };
}

/** By the ranks of their roles; of two lists that begin alike the longer is first; then who holds more; equal access together. */
function userOrder({ access }: MatrixSource, { offsets, values }: IntegerLists): Int32Array {
  const userCount = access.offsets.length - 1;
  const hashes = Int32Array.from({ length: userCount }, (_, user) =>
    listAt(access, user).reduce((hash, entitlement) => Math.imul(hash ^ entitlement, 0x01000193), 0x811c9dc5 | 0),
  );
  const holders = Int32Array.from({ length: userCount }, (_, user) => user).filter(
    (user) => access.offsets[user + 1] > access.offsets[user],
  );
  return holders.sort((a, b) => {
    const lengthA = offsets[a + 1] - offsets[a];
    const lengthB = offsets[b + 1] - offsets[b];
    const common = Math.min(lengthA, lengthB);
    for (let i = 0; i < common; i++) {
      const difference = values[offsets[a] + i] - values[offsets[b] + i];
      if (difference !== 0) return difference;
    }
    const held = (user: number): number => access.offsets[user + 1] - access.offsets[user];
    return lengthB - lengthA || held(b) - held(a) || hashes[a] - hashes[b] || a - b;
  });
}

/** Leaves out most of those who stand beside others with the same access and roles; writes how many are alike. */
function thinOutAlike(
  order: Int32Array,
  { access }: MatrixSource,
  ranksOfUser: IntegerLists,
  alike: Int32Array,
): Int32Array {
  const kept: number[] = [];
  for (let start = 0, end: number; start < order.length; start = end) {
    end = start + 1;
    while (
      end < order.length &&
      isSame(listAt(access, order[start]), listAt(access, order[end])) &&
      isSame(listAt(ranksOfUser, order[start]), listAt(ranksOfUser, order[end]))
    ) {
      end++;
    }
    const size = end - start;
    const drawn = size <= ALL_ALIKE ? size : ALL_ALIKE + Math.ceil(Math.sqrt(size - ALL_ALIKE));
    for (let i = 0; i < drawn; i++) {
      const user = order[start + Math.floor((i * size) / drawn)];
      alike[user] = size;
      kept.push(user);
    }
  }
  return Int32Array.from(kept);
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function sampleUsers(
  order: Int32Array,
  ranksOfUser: IntegerLists,
  roles: readonly MatrixRole[],
  roleOfRank: Int32Array,
  limit: number,
): Int32Array {
  const isShown = new Uint8Array(ranksOfUser.offsets.length - 1);
  const isRoleShown = new Uint8Array(roles.length);
  let shown = 0;
  const show = (user: number): void => {
    if (isShown[user] === 1) return;
    isShown[user] = 1;
    shown++;
    for (const rank of listAt(ranksOfUser, user)) isRoleShown[rank] = 1;
  };
  const evenly = Math.max(1, Math.round(limit * (1 - SMALL_ROLES_SHARE)));
  for (let i = 0; i < evenly; i++) show(order[Math.floor(((i + 0.5) * order.length) / evenly)]);
  for (let rank = 0; rank < roles.length && shown < limit; rank++) {
    const { users } = roles[roleOfRank[rank]];
    if (isRoleShown[rank] === 0 && users.length > 0) show(users[users.length >> 1]);
  }
  // What small roles did not need goes to everybody again.
  const spare = limit - shown;
  for (let i = 0; i < spare; i++) show(order[Math.floor((i * order.length) / spare)]);
  return order.filter((user) => isShown[user] === 1);
}

/** Entitlements that the users hold: role by role as they appear, most held first within a role; then the others. */
function entitlementOrder(
  { access, roles, entitlementCount }: MatrixSource,
  users: Int32Array,
  ranksOfUser: IntegerLists,
  roleOfRank: Int32Array,
): Int32Array {
  const holders = new Int32Array(entitlementCount);
  for (const user of users) for (const entitlement of listAt(access, user)) holders[entitlement]++;
  const mostHeld = (a: number, b: number): number => holders[b] - holders[a] || a - b;
  const isPlaced = new Uint8Array(entitlementCount);
  const isRoleSeen = new Uint8Array(roles.length);
  const order: number[] = [];
  const place = (entitlements: Int32Array): void => {
    const added = entitlements.filter((entitlement) => holders[entitlement] > 0 && isPlaced[entitlement] === 0);
    for (const entitlement of added.sort(mostHeld)) {
      isPlaced[entitlement] = 1;
      order.push(entitlement);
    }
  };
  for (const user of users) {
    for (const rank of listAt(ranksOfUser, user)) {
      if (isRoleSeen[rank] === 1) continue;
      isRoleSeen[rank] = 1;
      place(roles[roleOfRank[rank]].entitlements);
    }
  }
  place(Int32Array.from({ length: entitlementCount }, (_, entitlement) => entitlement));
  return Int32Array.from(order);
}

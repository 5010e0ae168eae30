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
  /** How many hold anything. */
  readonly holderCount: number;
  /** Whether users are left out beside those with exactly the access of others. */
  readonly isSampled: boolean;
  /** Per shown user: how many there are with exactly the same access and roles, the user included. */
  readonly alike: Int32Array;
  readonly entitlements: Int32Array;
  /** Roles of all users, as ranks: 0 is the weightiest. */
  readonly ranksOfUser: IntegerLists;
  /** The role of each rank. */
  readonly roleOfRank: Int32Array;
}

/** People with exactly the same access and roles are all drawn up to that many; of the others the square root. */
const ALL_ALIKE = 20;
/** Roles that so many hold most of divide nobody: they count last for rows, and their entitlements stand first. */
const BROAD_SHARE = 0.2;
/** Share of a role's entitlements with which somebody stands among its members. */
const MOST_OF_ROLE = 0.7;
/** Of a role for few people who are looked for among many, only those few count. */
const LOOKED_AT_PER_MEMBER = 30;
/** Part of the rows that is kept for members of roles that a sample in proportion has left out. */
const SMALL_ROLES_SHARE = 1 / 3;

/**
 * Orders the matrix by its roles. Users are sorted by the roles of which they hold most, weightiest role first, so that people with
 * like access stand together and nested roles lie within each other; entitlements follow in the order in which the roles appear
 * from top to bottom, so that blocks run down the diagonal. What no role explains comes last.
 *
 * "Most of" and not "all of", because a forgotten grant would put somebody far from the colleagues; and the weight of a role is its users
 * times the square of its entitlements, and least if it is broad: by users or by area, the six entitlements of everybody in Amsterdam
 * tear all departments apart.
 *
 * Of many people with exactly the same access only some are drawn: 2,300 equal rows say no more than 50, and would leave no room
 * for the rest (as in the published americas_small). If there are still too many users they are sampled: evenly spaced in that
 * order, which keeps every group of like people in proportion; then one member each for roles that have none yet, weightiest
 * first.
 */
export function arrangeMatrix(source: MatrixSource, limits: MatrixLimits): MatrixArrangement {
  const { roles, access } = source;
  const likely = likelyMembers(source);
  const userCount = access.offsets.length - 1;
  const isBroad = (role: number): boolean => (likely[role]?.length ?? userCount) >= BROAD_SHARE * userCount;
  const weights = roles.map(({ entitlements, users }, role) =>
    isBroad(role) ? -1 / (1 + users.length) : (likely[role]?.length ?? 0) * entitlements.length ** 2,
  );
  const roleOfRank = Int32Array.from(roles, (_, role) => role).sort((a, b) => weights[b] - weights[a] || a - b);
  const ranksOfUser = ranksByUser(userCount, roleOfRank, (role) => roles[role].users);
  const likelyRanksOfUser = ranksByUser(userCount, roleOfRank, (role) => likely[role] ?? roles[role].users);
  const alike = new Int32Array(userCount);
  const holders = userOrder(source, ranksOfUser, likelyRanksOfUser);
  const order = thinOutAlike(holders, source, ranksOfUser, alike);
  const users = order.length <= limits.users ? order : sampleUsers(order, ranksOfUser, roles, roleOfRank, limits.users);
  const entitlements = entitlementOrder(source, users, likelyRanksOfUser, roleOfRank, isBroad).subarray(
    0,
    limits.entitlements,
  );
  return {
    users,
    holderCount: holders.length,
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

/**
 * Users who hold most of each role, ascending, those whom the proposal gives it among them; null for a role of what nearly
 * everybody holds, which is as broad as can be.
 *
 * Who holds `needed` of k entitlements holds one of the rarest k − needed + 1: only their holders are looked at. Counting the holders
 * of all took 25 s on 100,000 users and 6,900 roles.
 */
function likelyMembers({ access, roles, entitlementCount }: MatrixSource): (Int32Array | null)[] {
  const userCount = access.offsets.length - 1;
  const holders = holdersOf(access, entitlementCount);
  const held = (entitlement: number): number => holders.offsets[entitlement + 1] - holders.offsets[entitlement];
  const isOfRole = new Int32Array(entitlementCount).fill(-1);
  const isSeen = new Int32Array(userCount).fill(-1);
  return roles.map(({ entitlements, users }, role) => {
    const needed = Math.ceil(MOST_OF_ROLE * entitlements.length);
    const rarest = entitlements.toSorted((a, b) => held(a) - held(b)).subarray(0, entitlements.length - needed + 1);
    const possible = rarest.reduce((sum, entitlement) => sum + held(entitlement), 0);
    if (possible > userCount) return null;
    if (possible > LOOKED_AT_PER_MEMBER * (users.length + LOOKED_AT_PER_MEMBER)) return users.toSorted();
    for (const entitlement of entitlements) isOfRole[entitlement] = role;
    const members: number[] = [];
    for (const user of users) {
      isSeen[user] = role;
      members.push(user);
    }
    for (const entitlement of rarest) {
      for (const user of listAt(holders, entitlement)) {
        if (isSeen[user] === role) continue;
        isSeen[user] = role;
        let count = 0;
        for (const own of listAt(access, user)) if (isOfRole[own] === role) count++;
        if (count >= needed) members.push(user);
      }
    }
    return Int32Array.from(members).sort();
  });
}

function holdersOf(access: IntegerLists, entitlementCount: number): IntegerLists {
  const offsets = new Int32Array(entitlementCount + 1);
  for (const entitlement of access.values) offsets[entitlement + 1]++;
  for (let entitlement = 0; entitlement < entitlementCount; entitlement++)
    offsets[entitlement + 1] += offsets[entitlement];
  const values = new Int32Array(access.values.length);
  const next = offsets.slice(0, entitlementCount);
  for (let user = 0; user + 1 < access.offsets.length; user++) {
    for (const entitlement of listAt(access, user)) values[next[entitlement]++] = user;
  }
  return { offsets, values };
}

function ranksByUser(userCount: number, roleOfRank: Int32Array, usersOf: (role: number) => Int32Array): IntegerLists {
  const offsets = new Int32Array(userCount + 1);
  for (const role of roleOfRank) for (const user of usersOf(role)) offsets[user + 1]++;
  for (let user = 0; user < userCount; user++) offsets[user + 1] += offsets[user];
  const values = new Int32Array(offsets[userCount]);
  const next = offsets.slice(0, userCount);
  for (const [rank, role] of roleOfRank.entries()) for (const user of usersOf(role)) values[next[user]++] = rank;
  return { offsets, values };
}

/**
 * Who holds anything, by the weightiest role of which they hold most; within it by the roles that they are given, so that a block
 * falls into as few colours as can be; then by all else that they hold most of, and equal access together.
 */
function userOrder({ access }: MatrixSource, ranksOfUser: IntegerLists, likelyRanksOfUser: IntegerLists): Int32Array {
  const userCount = access.offsets.length - 1;
  const hashes = Int32Array.from({ length: userCount }, (_, user) =>
    listAt(access, user).reduce((hash, entitlement) => Math.imul(hash ^ entitlement, 0x01000193), 0x811c9dc5 | 0),
  );
  const held = (user: number): number => access.offsets[user + 1] - access.offsets[user];
  const weightiest = (user: number): number =>
    likelyRanksOfUser.offsets[user] < likelyRanksOfUser.offsets[user + 1]
      ? likelyRanksOfUser.values[likelyRanksOfUser.offsets[user]]
      : Number.MAX_SAFE_INTEGER;
  return Int32Array.from({ length: userCount }, (_, user) => user)
    .filter((user) => held(user) > 0)
    .sort(
      (a, b) =>
        weightiest(a) - weightiest(b) ||
        compareLists(ranksOfUser, a, b) ||
        compareLists(likelyRanksOfUser, a, b) ||
        held(b) - held(a) ||
        hashes[a] - hashes[b] ||
        a - b,
    );
}

/** Lexicographic; of two lists that begin alike the longer is first. */
function compareLists({ offsets, values }: IntegerLists, a: number, b: number): number {
  const lengthA = offsets[a + 1] - offsets[a];
  const lengthB = offsets[b + 1] - offsets[b];
  const common = Math.min(lengthA, lengthB);
  for (let i = 0; i < common; i++) {
    const difference = values[offsets[a] + i] - values[offsets[b] + i];
    if (difference !== 0) return difference;
  }
  return lengthB - lengthA;
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
  isBroad: (role: number) => boolean,
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
  for (const role of roleOfRank.filter(isBroad).reverse()) place(roles[role].entitlements);
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

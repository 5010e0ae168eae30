import { listAt, type MatrixArrangement, type MatrixSource } from './arrange-matrix.js';
import { COLOUR_COUNT, type MatrixPicture, type PictureRole, type PictureSuspicion } from './matrix-picture.js';

/** Users and entitlements that look like mistakes, as parallel arrays. */
export interface SuspectedPairs {
  readonly users: ArrayLike<number>;
  readonly entitlements: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** The words for the integers of the matrix. */
export interface MatrixWords {
  user(user: number): string;
  userDetails(user: number): string;
  entitlement(entitlement: number): string;
  role(role: number): Pick<PictureRole, 'name' | 'isKept' | 'candidate'>;
}

const NO_PAIRS: SuspectedPairs = { users: [], entitlements: [], scores: [] };

/** Makes the picture of an arranged matrix. O(what the shown users hold and are given). */
export function drawUpPicture(
  source: MatrixSource,
  arrangement: MatrixArrangement,
  words: MatrixWords,
  suspected: { readonly missing?: SuspectedPairs; readonly extra?: SuspectedPairs } = {},
): MatrixPicture {
  const { users, alike, entitlements } = arrangement;
  const columnOf = inverse(entitlements, source.entitlementCount);
  const rowOf = inverse(users, source.access.offsets.length - 1);
  const { roles, shownRolesOfUser } = shownRoles(source, arrangement, columnOf, words);

  const directOfUser: number[][] = [];
  const lacking: [number, number][] = [];
  const givenIn = new Int32Array(entitlements.length).fill(-1);
  const heldIn = new Int32Array(entitlements.length).fill(-1);
  for (const [row, user] of users.entries()) {
    for (const role of shownRolesOfUser[row]) for (const column of roles[role].columns) givenIn[column] = row;
    const direct: number[] = [];
    for (const entitlement of listAt(source.access, user)) {
      const column = columnOf[entitlement];
      if (column < 0) continue;
      heldIn[column] = row;
      if (givenIn[column] !== row) direct.push(column);
    }
    directOfUser.push(direct.sort((a, b) => a - b));
    for (const role of shownRolesOfUser[row]) {
      for (const column of roles[role].columns) {
        if (heldIn[column] === row) continue;
        heldIn[column] = row;
        lacking.push([row, column]);
      }
    }
  }
  return {
    userCount: source.access.offsets.length - 1,
    entitlementCount: source.entitlementCount,
    roleCount: source.roles.length,
    holderCount: arrangement.holderCount,
    isSampled: arrangement.isSampled,
    users: Array.from(users, (user) => words.user(user)),
    userDetails: Array.from(users, (user) => words.userDetails(user)),
    alike: Array.from(alike),
    entitlements: Array.from(entitlements, (entitlement) => words.entitlement(entitlement)),
    roles,
    rolesOfUser: shownRolesOfUser,
    directOfUser,
    lacking,
    suspectedMissing: suspicions(suspected.missing ?? NO_PAIRS, rowOf, columnOf),
    suspectedExtra: suspicions(suspected.extra ?? NO_PAIRS, rowOf, columnOf),
  };
}

/** Place of each value in the list; -1 where it is not in it. */
function inverse(list: Int32Array, valueCount: number): Int32Array {
  const places = new Int32Array(valueCount).fill(-1);
  for (const [place, value] of list.entries()) places[value] = place;
  return places;
}

/** Roles of the shown users, in the order in which their blocks appear: colours take turns along it. */
function shownRoles(
  source: MatrixSource,
  { users, ranksOfUser, roleOfRank }: MatrixArrangement,
  columnOf: Int32Array,
  words: MatrixWords,
): { roles: PictureRole[]; shownRolesOfUser: number[][] } {
  const roles: PictureRole[] = [];
  const placeOfRank = new Int32Array(roleOfRank.length).fill(-1);
  const shownRolesOfUser = Array.from(users, (user) =>
    Array.from(listAt(ranksOfUser, user), (rank) => {
      if (placeOfRank[rank] < 0) {
        const role = roleOfRank[rank];
        const { entitlements, users: givenTo } = source.roles[role];
        const columns = Array.from(entitlements, (entitlement) => columnOf[entitlement]).filter(
          (column) => column >= 0,
        );
        const colour = roles.length % COLOUR_COUNT;
        placeOfRank[rank] =
          roles.push({
            ...words.role(role),
            columns: columns.sort((a, b) => a - b),
            userCount: givenTo.length,
            colour,
          }) - 1;
      }
      return placeOfRank[rank];
    }),
  );
  return { roles, shownRolesOfUser };
}

function suspicions(pairs: SuspectedPairs, rowOf: Int32Array, columnOf: Int32Array): PictureSuspicion[] {
  const found: PictureSuspicion[] = [];
  for (let at = 0; at < pairs.users.length; at++) {
    const row = rowOf[pairs.users[at]];
    const column = columnOf[pairs.entitlements[at]];
    if (row >= 0 && column >= 0) found.push([row, column, Math.round(pairs.scores[at] * 100) / 100]);
  }
  return found;
}

/**
 * What the picture of the matrix is drawn from. Read by the page's script, so it is as small as it can be: what roles
 * give is not listed pair by pair. Rows and columns are in the order in which they are shown.
 */
export interface MatrixPicture {
  /** All there are, of which `users` and `entitlements` are shown. */
  readonly userCount: number;
  readonly entitlementCount: number;
  readonly roleCount: number;
  /** How many users hold anything: the others have no row. */
  readonly holderCount: number;
  /** Whether users are left out beside those with exactly the access of others. */
  readonly isSampled: boolean;
  readonly users: readonly string[];
  /** What is known about each user, in a few words; empty where nothing is. */
  readonly userDetails: readonly string[];
  /** How many there are with exactly the access of each, itself included. */
  readonly alike: readonly number[];
  readonly entitlements: readonly string[];
  readonly roles: readonly PictureRole[];
  /** Indexes into `roles` per user, the weightiest first. */
  readonly rolesOfUser: readonly (readonly number[])[];
  /** Columns per user that no role explains. */
  readonly directOfUser: readonly (readonly number[])[];
  /** `[row, column]` that a role would give and the user does not hold (any more). */
  readonly lacking: readonly (readonly [row: number, column: number])[];
  readonly suspectedMissing: readonly PictureSuspicion[];
  readonly suspectedExtra: readonly PictureSuspicion[];
}

export interface PictureRole {
  readonly name: string;
  /** Columns, ascending. */
  readonly columns: readonly number[];
  /** All users to whom the proposal gives it, shown or not. */
  readonly userCount: number;
  /** Which of the palette's colours: neighbouring blocks have different ones. */
  readonly colour: number;
  /** A role that exists already and that the proposal keeps as it is. */
  readonly isKept: boolean;
  /** Place in the list of candidates; null when it is in none. */
  readonly candidate: number | null;
}

export type PictureSuspicion = readonly [row: number, column: number, score: number];

/** Colours that take turns; see `browser/palette.ts`. */
export const COLOUR_COUNT = 7;

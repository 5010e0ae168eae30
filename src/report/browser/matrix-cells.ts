import type { MatrixPicture, PictureRole } from '../matrix/matrix-picture.js';

/** What the picture says about one row and column. */
export interface CellFacts {
  readonly user: string;
  readonly userDetails: string;
  readonly entitlement: string;
  readonly isHeld: boolean;
  /** Roles of the user that give it. */
  readonly roles: readonly PictureRole[];
  readonly suspicion: 'missing' | 'extra' | null;
}

/** No role: a direct assignment. */
export const DIRECT = -1;

/** The matrix as it is drawn: per row the columns that are held, ascending, and the role whose block each lies in. */
export class MatrixCells {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Row `r` is `columns[offsets[r] .. offsets[r + 1])`; `roles` beside it. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly roles: Int32Array;
  private readonly missing = new Set<number>();
  private readonly extra = new Set<number>();

  constructor(readonly picture: MatrixPicture) {
    const { users, entitlements, rolesOfUser, directOfUser, roles } = picture;
    this.rowCount = users.length;
    this.columnCount = entitlements.length;
    const lacking = new Set(picture.lacking.map(([row, column]) => this.key(row, column)));
    const offsets = new Int32Array(this.rowCount + 1);
    const columns: number[] = [];
    const owners: number[] = [];
    const owner = new Int32Array(this.columnCount);
    const seenIn = new Int32Array(this.columnCount).fill(-1);
    for (let row = 0; row < this.rowCount; row++) {
      const held: number[] = [];
      const hold = (column: number, role: number): void => {
        if (seenIn[column] === row || lacking.has(this.key(row, column))) return;
        seenIn[column] = row;
        owner[column] = role;
        held.push(column);
      };
      for (const role of rolesOfUser[row]) for (const column of roles[role].columns) hold(column, role);
      for (const column of directOfUser[row]) hold(column, DIRECT);
      held.sort((a, b) => a - b);
      for (const column of held) {
        columns.push(column);
        owners.push(owner[column]);
      }
      offsets[row + 1] = columns.length;
    }
    this.offsets = offsets;
    this.columns = Int32Array.from(columns);
    this.roles = Int32Array.from(owners);
    for (const [row, column] of picture.suspectedMissing) this.missing.add(this.key(row, column));
    for (const [row, column] of picture.suspectedExtra) this.extra.add(this.key(row, column));
  }

  factsAt(row: number, column: number): CellFacts {
    const { users, userDetails, alike, entitlements, rolesOfUser, roles } = this.picture;
    const others = alike[row] > 1 ? `one of ${alike[row].toLocaleString('en')} with exactly this access` : '';
    const key = this.key(row, column);
    const isHeld = this.columns.subarray(this.offsets[row], this.offsets[row + 1]).includes(column);
    return {
      user: users[row],
      userDetails: [userDetails[row], others].filter(Boolean).join(' · '),
      entitlement: entitlements[column],
      isHeld,
      roles: isHeld ? rolesOfUser[row].map((role) => roles[role]).filter((role) => role.columns.includes(column)) : [],
      suspicion: this.missing.has(key) ? 'missing' : this.extra.has(key) ? 'extra' : null,
    };
  }

  /** Where in `columns` the first column of the row from `column` on is. */
  find(row: number, column: number): number {
    let low = this.offsets[row];
    let high = this.offsets[row + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.columns[middle] < column) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private key(row: number, column: number): number {
    return row * this.columnCount + column;
  }
}

/** Why somebody holds something, in a few words. */
export function reasonOf({ isHeld, roles, suspicion }: CellFacts): string {
  if (suspicion === 'missing') return 'Not held; probably forgotten';
  if (!isHeld) return 'Not held';
  const by = roles.length === 0 ? 'Direct: no role explains it' : `By ${roles.map(({ name }) => name).join(' and ')}`;
  return suspicion === 'extra' ? `${by}; probably a mistake` : by;
}

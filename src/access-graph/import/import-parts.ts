import type { AccessFilePart, RowFault } from '../../access-files/access-file.js';
import type { AssignmentRow } from '../../access-files/read-assignments.js';
import type { EntitlementRow } from '../../access-files/read-entitlements.js';
import type { RoleRow } from '../../access-files/read-roles.js';
import type { UserRow } from '../../access-files/read-users.js';

/** Where the rows of a part come from: a file, or a module that has them. */
export interface ImportSource<Row> {
  /** As errors name it. */
  readonly name: string;
  /**
   * Rows in batches of a few thousand, read once. What is wrong with a row is reported and the row left out, so that all
   * of it is found; what is wrong with the whole is thrown as an AccessFileError.
   */
  read(onFault: (fault: RowFault) => void): AsyncIterable<readonly Row[]>;
}

interface RowOfPart {
  assignments: AssignmentRow;
  users: UserRow;
  entitlements: EntitlementRow;
  roles: RoleRow;
}

/** External ids throughout. A part that is left out is not touched, except by what the others make necessary. */
export type ImportParts = { readonly [Part in AccessFilePart]?: ImportSource<RowOfPart[Part]> };

/** `replace`: a part becomes the tenant's whole imported part; `merge`: adds and updates only. */
export const IMPORT_MODES = ['replace', 'merge'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

export interface ImportOptions {
  readonly mode: ImportMode;
  /** Says what would change and changes nothing. */
  readonly dryRun: boolean;
  /** A replace that would remove more of a part than this is refused, 0 to 100. */
  readonly maxRemovedPercent: number;
}

export const DEFAULT_IMPORT_OPTIONS: ImportOptions = { mode: 'replace', dryRun: false, maxRemovedPercent: 20 };

import type { UserAttributes } from '../snapshot/attribute-columns.js';

/** The files of an import; any subset may be given. */
export const IMPORT_PARTS = ['assignments', 'users', 'entitlements', 'roles'] as const;
export type ImportPart = (typeof IMPORT_PARTS)[number];

export interface AssignmentRow {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly user: string;
  readonly entitlement: string;
  readonly lastUsedAt: Date | null;
}

export interface UserRow {
  readonly line: number;
  readonly user: string;
  readonly attributes: UserAttributes;
}

export interface EntitlementRow {
  readonly line: number;
  readonly entitlement: string;
  /** Null leaves it to the external id. */
  readonly name: string | null;
  readonly application: string | null;
  readonly description: string | null;
}

/** Says that a role exists, and gives it an entitlement, a member, or neither. */
export interface RoleRow {
  readonly line: number;
  readonly role: string;
  readonly name: string | null;
  readonly entitlement: string | null;
  readonly user: string | null;
}

/** Rows in the order of the file, read once. */
export interface ImportFile<Row> {
  /** As the errors name it. */
  readonly file: string;
  readonly rows: Iterable<Row> | AsyncIterable<Row>;
}

/** External ids throughout. A part that is left out is not touched, except by what the others make necessary. */
export interface ImportParts {
  readonly assignments?: ImportFile<AssignmentRow>;
  readonly users?: ImportFile<UserRow>;
  readonly entitlements?: ImportFile<EntitlementRow>;
  readonly roles?: ImportFile<RoleRow>;
}

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

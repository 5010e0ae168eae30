import type { AccessFile, ReadOptions } from './access-file.js';
import { Column, readRows, RowProblem } from './read-rows.js';
import type { TableShape } from './table.js';

/** One entitlement or one member of a role: exactly one of the two is set. */
export interface RoleRow {
  readonly line: number;
  readonly role: string;
  /** Null where the row does not repeat it. */
  readonly name: string | null;
  readonly entitlement: string | null;
  readonly user: string | null;
}

const SHAPE: TableShape = {
  required: ['role', 'name', 'entitlement', 'user'],
  optional: [],
  header: 'role,name,entitlement,user',
  mayBePairs: false,
};

/**
 * Reads the roles that there are, in batches, one entitlement or member a row.
 *
 * @throws AccessFileError as `readAssignments`
 */
export function readRoles(file: AccessFile, options: ReadOptions = {}): AsyncGenerator<RoleRow[]> {
  return readRows(file, SHAPE, options, (columns) => {
    const [role, name, entitlement, user] = SHAPE.required.map((column) => new Column(columns, column));
    return (cells, line) => {
      const row = {
        line,
        role: role.required(cells),
        name: name.optional(cells),
        entitlement: entitlement.optional(cells),
        user: user.optional(cells),
      };
      if (row.entitlement !== null && row.user !== null) {
        throw new RowProblem('expected an entitlement or a user, got both');
      }
      if (row.entitlement === null && row.user === null) {
        throw new RowProblem('expected an entitlement or a user, got neither');
      }
      return row;
    };
  });
}

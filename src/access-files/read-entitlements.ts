import type { AccessFile, ReadOptions } from './access-file.js';
import { Column, readRows } from './read-rows.js';
import type { TableShape } from './table.js';

export interface EntitlementRow {
  readonly line: number;
  readonly entitlement: string;
  /** The id where the file has no name. */
  readonly name: string;
  readonly application: string | null;
  readonly description: string | null;
}

const SHAPE: TableShape = {
  required: ['entitlement', 'name'],
  optional: ['application', 'description'],
  header: 'entitlement,name[,application,description]',
  mayBePairs: false,
};

/**
 * Reads what entitlements are called, in batches.
 *
 * @throws AccessFileError as `readAssignments`
 */
export function readEntitlements(file: AccessFile, options: ReadOptions = {}): AsyncGenerator<EntitlementRow[]> {
  return readRows(file, SHAPE, options, (columns) => {
    const entitlement = new Column(columns, 'entitlement');
    const name = new Column(columns, 'name');
    const application = new Column(columns, 'application');
    const description = new Column(columns, 'description');
    return (cells, line) => ({
      line,
      entitlement: entitlement.required(cells),
      name: name.optional(cells) ?? entitlement.required(cells),
      application: application.optional(cells),
      description: description.optional(cells),
    });
  });
}

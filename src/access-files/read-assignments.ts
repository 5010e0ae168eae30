import type { AccessFile, ReadOptions } from './access-file.js';
import { Column, readRows } from './read-rows.js';
import type { TableShape } from './table.js';
import { parseTimestamp } from './timestamp.js';

/** A user holds an entitlement directly. */
export interface AssignmentRow {
  readonly line: number;
  readonly user: string;
  readonly entitlement: string;
  readonly lastUsedAt: Date | null;
}

const SHAPE: TableShape = {
  required: ['user', 'entitlement'],
  optional: ['last_used_at'],
  header: 'user,entitlement[,last_used_at]',
  mayBePairs: true,
};

/** Timestamps remembered at most: real files repeat few days or are all different. */
const REMEMBERED = 10_000;

/**
 * Reads who holds what, in batches, in the order of the file; repeated pairs are passed on.
 *
 * @throws AccessFileError when the file cannot be read, or for the first faulty row when nobody listens to faults
 */
export function readAssignments(file: AccessFile, options: ReadOptions = {}): AsyncGenerator<AssignmentRow[]> {
  const timestamps = new Map<string, Date>();
  const timestampOf = (text: string | null): Date | null => {
    if (text === null) return null;
    let timestamp = timestamps.get(text);
    if (timestamp === undefined) {
      timestamp = parseTimestamp('last_used_at', text);
      if (timestamps.size === REMEMBERED) timestamps.clear();
      timestamps.set(text, timestamp);
    }
    return timestamp;
  };
  return readRows(file, SHAPE, options, (columns) => {
    const user = new Column(columns, 'user');
    const entitlement = new Column(columns, 'entitlement');
    const lastUsedAt = new Column(columns, 'last_used_at');
    return (cells, line) => ({
      line,
      user: user.required(cells),
      entitlement: entitlement.required(cells),
      lastUsedAt: timestampOf(lastUsedAt.optional(cells)),
    });
  });
}

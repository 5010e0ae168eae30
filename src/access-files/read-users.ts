import type { AccessFile, ReadOptions } from './access-file.js';
import { Column, readRows } from './read-rows.js';
import type { TableShape } from './table.js';

/** A user and its attributes; those without a value are left out. */
export interface UserRow {
  readonly line: number;
  readonly user: string;
  /** By name of the attribute: its values, at least one, without repeats. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

const SHAPE: TableShape = { required: ['user'], optional: [], header: 'user,department,title', mayBePairs: false };

/**
 * Reads users with their attributes, in batches: every column but `user` is one, a cell with `|` is a list.
 *
 * @throws AccessFileError as `readAssignments`
 */
export function readUsers(file: AccessFile, options: ReadOptions = {}): AsyncGenerator<UserRow[]> {
  return readRows(file, SHAPE, options, (columns) => {
    const user = new Column(columns, 'user');
    const attributeColumns = columns
      .filter((name) => name !== 'user')
      .map((name) => ({ name, column: new Column(columns, name) }));
    return (cells, line) => {
      const attributes = new Map<string, readonly string[]>();
      for (const { name, column } of attributeColumns) {
        const text = column.optional(cells);
        const values = text === null ? [] : valuesOf(text);
        if (values.length > 0) attributes.set(name, values);
      }
      return { line, user: user.required(cells), attributes };
    };
  });
}

function valuesOf(text: string): readonly string[] {
  const values = text.split('|').map((value) => value.trim());
  return values.filter((value, index) => value !== '' && values.indexOf(value) === index);
}

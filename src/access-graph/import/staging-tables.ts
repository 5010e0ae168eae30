import {
  int4,
  jsonb,
  nullable,
  text,
  timestamptz,
  type BinaryColumn,
  type RowOf,
} from '../../database/binary-columns.js';
import { copyInto } from '../../database/binary-copy.js';
import type { ImportFaults } from './import-faults.js';
import type { ImportFile, ImportPart, ImportParts } from './import-parts.js';
import type { ImportSession } from './import-session.js';
import { assignmentFields, entitlementFields, roleFields, userFields } from './staged-fields.js';

/** The files as they are, line by line, in temporary tables: COPY into tables behind row-level security is refused. */
const STAGING_TABLES = `
  CREATE TEMP TABLE staged_assignment (
    line integer, user_id text COLLATE "C", entitlement_id text COLLATE "C", last_used_at timestamptz(3));
  CREATE TEMP TABLE staged_user (line integer, external_id text COLLATE "C", attributes jsonb);
  CREATE TEMP TABLE staged_entitlement (
    line integer, external_id text COLLATE "C", name text COLLATE "C", application text, description text);
  CREATE TEMP TABLE staged_role (
    line integer, external_id text COLLATE "C", name text COLLATE "C", entitlement_id text COLLATE "C",
    user_id text COLLATE "C")`;

/**
 * Streams the files into staging tables.
 *
 * @param faults gets what is wrong with single rows; the rest of the file is still read, to find all of it
 * @throws what reading the files throws, and the reason of `signal`
 */
export async function stage(
  session: ImportSession,
  parts: ImportParts,
  faults: ImportFaults,
  signal: AbortSignal,
  onRow: () => void,
): Promise<void> {
  await session.query(STAGING_TABLES);
  const copy = async <Row extends { line: number }, const Columns extends readonly BinaryColumn<unknown>[]>(
    file: ImportFile<Row> | undefined,
    table: string,
    columns: Columns,
    fieldsOf: (row: Row) => RowOf<Columns> | string,
  ): Promise<void> => {
    if (file === undefined) return;
    const sql = `COPY ${table} FROM STDIN (FORMAT binary)`;
    const rows = accepted(file, fieldsOf, faults, signal, onRow);
    if ((await copyInto(session.client, sql, columns, rows)) === 0 && faults.total === 0) {
      faults.add(file.file, null, 'the file has no rows');
    }
    await session.query(`ANALYZE ${table}`);
  };
  await copy(parts.users, 'staged_user', [int4, text, jsonb], userFields);
  const optional = nullable(text);
  await copy(parts.entitlements, 'staged_entitlement', [int4, text, optional, optional, optional], entitlementFields);
  await copy(parts.assignments, 'staged_assignment', [int4, text, text, nullable(timestamptz)], assignmentFields);
  await copy(parts.roles, 'staged_role', [int4, text, optional, optional, optional], roleFields);
}

async function* accepted<Row extends { line: number }, Fields extends readonly unknown[]>(
  { file, rows }: ImportFile<Row>,
  fieldsOf: (row: Row) => Fields | string,
  faults: ImportFaults,
  signal: AbortSignal,
  onRow: () => void,
): AsyncGenerator<Fields> {
  for await (const row of rows) {
    signal.throwIfAborted();
    onRow();
    const fields = fieldsOf(row);
    if (typeof fields === 'string') faults.add(file, row.line, fields);
    else yield fields;
  }
}

/** The parts that were given, in the order in which they are shown. */
export function partsGiven(parts: ImportParts): ImportPart[] {
  const order: ImportPart[] = ['users', 'entitlements', 'assignments', 'roles'];
  return order.filter((part) => parts[part] !== undefined);
}

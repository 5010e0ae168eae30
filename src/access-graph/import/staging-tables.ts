import { AccessFileError } from '../../access-files/access-file.error.js';
import { ACCESS_FILE_PARTS, type AccessFilePart } from '../../access-files/access-file.js';
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
import type { ImportParts, ImportSource } from './import-parts.js';
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
 * Streams the sources into staging tables.
 *
 * @param faults gets what is wrong with rows and sources; the rest is still read, to find all of it
 * @param onBatch may throw, to stop
 */
export async function stage(
  session: ImportSession,
  parts: ImportParts,
  faults: ImportFaults,
  onBatch: () => void,
): Promise<void> {
  await session.query(STAGING_TABLES);
  const copy = async <Row extends { line: number }, const Columns extends readonly BinaryColumn<unknown>[]>(
    source: ImportSource<Row> | undefined,
    table: string,
    columns: Columns,
    fieldsOf: (row: Row) => RowOf<Columns> | string,
  ): Promise<void> => {
    if (source === undefined) return;
    const batches = acceptedRows(source, fieldsOf, faults, onBatch);
    await copyInto(session.client, `COPY ${table} FROM STDIN (FORMAT binary)`, columns, batches);
    await session.query(`ANALYZE ${table}`);
  };
  const optional = nullable(text);
  await copy(parts.users, 'staged_user', [int4, text, jsonb], userFields);
  await copy(parts.entitlements, 'staged_entitlement', [int4, text, text, optional, optional], entitlementFields);
  await copy(parts.assignments, 'staged_assignment', [int4, text, text, nullable(timestamptz)], assignmentFields);
  await copy(parts.roles, 'staged_role', [int4, text, optional, optional, optional], roleFields);
}

/** The rows that can be imported; the others, and the end of a source that breaks off, become faults. */
async function* acceptedRows<Row extends { line: number }, Fields extends readonly unknown[]>(
  source: ImportSource<Row>,
  fieldsOf: (row: Row) => Fields | string,
  faults: ImportFaults,
  onBatch: () => void,
): AsyncGenerator<Fields[]> {
  const report = ({ file, line, message }: { file: string; line: number; message: string }): void =>
    faults.add(file, line, message);
  try {
    for await (const batch of source.read(report)) {
      onBatch();
      const accepted: Fields[] = [];
      for (const row of batch) {
        const fields = fieldsOf(row);
        if (typeof fields === 'string') faults.add(source.name, row.line, fields);
        else accepted.push(fields);
      }
      yield accepted;
    }
  } catch (error) {
    if (!(error instanceof AccessFileError)) throw error;
    report(error.toFault());
  }
}

/** The parts that were given, in the order of the contract. */
export function partsGiven(parts: ImportParts): AccessFilePart[] {
  return ACCESS_FILE_PARTS.filter((part) => parts[part] !== undefined);
}

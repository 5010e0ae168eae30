import type { AssignmentRow } from '../../access-files/read-assignments.js';
import type { EntitlementRow } from '../../access-files/read-entitlements.js';
import type { RoleRow } from '../../access-files/read-roles.js';
import type { UserRow } from '../../access-files/read-users.js';
import type { UserAttributes } from '../snapshot/attribute-columns.js';

/** The longest external id and entitlement name, in UTF-16 units: what fits into an index entry of PostgreSQL whatever the script. */
const LONGEST_ID = 500;
const LONGEST_ROLE_NAME = 255;
const LONGEST_TEXT = 2000;
const LONGEST_ATTRIBUTE_NAME = 128;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An external id that is a UUID is kept as the UUID, and those are the same in any case. */
export function normalisedId(id: string): string {
  return id.length === 36 && UUID.test(id) ? id.toLowerCase() : id;
}

/** The fields of the staging table, or what is wrong with the row. */
export function assignmentFields({
  line,
  user,
  entitlement,
  lastUsedAt,
}: AssignmentRow): readonly [number, string, string, Date | null] | string {
  return (
    faultOf('user', user) ??
    faultOf('entitlement', entitlement) ?? [line, normalisedId(user), normalisedId(entitlement), lastUsedAt]
  );
}

export function userFields({ line, user, attributes }: UserRow): readonly [number, string, UserAttributes] | string {
  const fault = faultOf('user', user);
  if (fault !== null) return fault;
  for (const [name, values] of attributes) {
    if (name.length > LONGEST_ATTRIBUTE_NAME) {
      return `the name of an attribute must have at most ${LONGEST_ATTRIBUTE_NAME} characters, has ${name.length}`;
    }
    for (const value of values) {
      const valueFault = faultOf(`attribute ${JSON.stringify(name)}`, value, LONGEST_TEXT);
      if (valueFault !== null) return valueFault;
    }
  }
  return [line, normalisedId(user), Object.fromEntries(Array.from(attributes, asStored))];
}

/** One value is a text, several are a list. */
function asStored([name, values]: readonly [string, readonly string[]]): [string, string | readonly string[]] {
  return [name, values.length === 1 ? values[0] : values];
}

export function entitlementFields(
  row: EntitlementRow,
): readonly [number, string, string, string | null, string | null] | string {
  return (
    faultOf('entitlement', row.entitlement) ??
    faultOf('name', row.name) ??
    optionalFaultOf('application', row.application, LONGEST_ID) ??
    optionalFaultOf('description', row.description, LONGEST_TEXT) ?? [
      row.line,
      normalisedId(row.entitlement),
      row.name,
      row.application,
      row.description,
    ]
  );
}

export function roleFields(
  row: RoleRow,
): readonly [number, string, string | null, string | null, string | null] | string {
  return (
    faultOf('role', row.role) ??
    optionalFaultOf('name', row.name, LONGEST_ROLE_NAME) ??
    optionalFaultOf('entitlement', row.entitlement, LONGEST_ID) ??
    optionalFaultOf('user', row.user, LONGEST_ID) ?? [
      row.line,
      normalisedId(row.role),
      row.name,
      row.entitlement === null ? null : normalisedId(row.entitlement),
      row.user === null ? null : normalisedId(row.user),
    ]
  );
}

function optionalFaultOf(field: string, value: string | null, longest: number): string | null {
  return value === null ? null : faultOf(field, value, longest);
}

function faultOf(field: string, value: string, longest = LONGEST_ID): string | null {
  if (value === '') return `${field} is empty`;
  if (value.length > longest) return `${field} must have at most ${longest} characters, has ${value.length}`;
  return value.includes('\0') ? `${field} must not contain a NUL character` : null;
}

import type { AssignmentRow, EntitlementRow, RoleRow, UserRow } from './import-parts.js';

/** The longest external id and entitlement name, in UTF-16 units: what fits into an index entry of PostgreSQL whatever the script. */
const LONGEST_ID = 500;
const LONGEST_ROLE_NAME = 255;
const LONGEST_TEXT = 2000;
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

export function userFields({ line, user, attributes }: UserRow): readonly [number, string, unknown] | string {
  const fault = faultOf('user', user);
  if (fault !== null) return fault;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.length > 128) return `an attribute's name must have at most 128 characters, has ${name.length}`;
    for (const single of typeof value === 'string' ? [value] : value) {
      const valueFault = faultOf(`attribute ${JSON.stringify(name)}`, single, LONGEST_TEXT);
      if (valueFault !== null) return valueFault;
    }
  }
  return [line, normalisedId(user), attributes];
}

export function entitlementFields(
  row: EntitlementRow,
): readonly [number, string, string | null, string | null, string | null] | string {
  return (
    faultOf('entitlement', row.entitlement) ??
    optionalFaultOf('name', row.name, LONGEST_ID) ??
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

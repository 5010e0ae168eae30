import type { AccessFilePart } from '../../access-files/access-file.js';
import { ConflictError } from '../../common/errors/domain.error.js';
import { COUNTED, type Counted } from './import-counts.js';
import type { ImportOptions, ImportParts } from './import-parts.js';
import type { ImportSession } from './import-session.js';

/** How many rows of a kind there are, and how many of them go; of each also those that were imported. */
export interface Removal {
  existing: number;
  existingImported: number;
  removed: number;
  removedImported: number;
}

export type Removals = Readonly<Record<Counted, Readonly<Removal>>>;

interface Kind {
  /** Where the rows that go are noted. */
  readonly noted: string;
  readonly columns: string;
  /** All rows of the tenant in $1, as `held`; the last column is whether it was imported. */
  readonly select: string;
}

const ROLE_OF_ROW = 'JOIN access_role role ON role.tenant_id = held.tenant_id AND role.id = held.role_id';

const KINDS: Readonly<Record<Counted, Kind>> = {
  users: {
    noted: 'removed_user',
    columns: 'number integer',
    select: 'SELECT held.number, true AS imported FROM access_user held WHERE held.tenant_id = $1',
  },
  entitlements: {
    noted: 'removed_entitlement',
    columns: 'number integer',
    select: 'SELECT held.number, true AS imported FROM access_entitlement held WHERE held.tenant_id = $1',
  },
  assignments: {
    noted: 'removed_assignment',
    columns: 'user_number integer, entitlement_number integer',
    select: `SELECT held.user_number, held.entitlement_number, held.imported FROM access_assignment held
      WHERE held.tenant_id = $1`,
  },
  roles: {
    noted: 'removed_role',
    columns: 'id uuid',
    select: `SELECT held.id, held.source = 'import' AS imported FROM access_role held WHERE held.tenant_id = $1`,
  },
  role_entitlements: {
    noted: 'removed_role_entitlement',
    columns: 'role_id uuid, entitlement_number integer',
    select: `SELECT held.role_id, held.entitlement_number, role.source = 'import' AS imported
      FROM access_role_entitlement held ${ROLE_OF_ROW} WHERE held.tenant_id = $1`,
  },
  role_members: {
    noted: 'removed_role_member',
    columns: 'role_id uuid, user_number integer',
    select: `SELECT held.role_id, held.user_number, role.source = 'import' AS imported
      FROM access_role_member held ${ROLE_OF_ROW} WHERE held.tenant_id = $1`,
  },
};

/**
 * Notes what goes: what a replaced part no longer has, and with users and entitlements all that refers to them. Roles
 * that were not imported lose members and entitlements that no longer exist, and nothing else.
 */
export async function findRemovals(
  session: ImportSession,
  parts: ImportParts,
  { mode }: ImportOptions,
): Promise<Removals> {
  const removals = {} as Record<Counted, Removal>;
  /** @param reasons conditions on `held` of which one is enough */
  const find = async (what: Counted, reasons: readonly string[]): Promise<void> => {
    const { noted, columns, select } = KINDS[what];
    await session.query(`CREATE TEMP TABLE ${noted} (${columns}, imported boolean) ON COMMIT DROP`);
    const existing = await count(session, `(${select})`, [session.tenantId]);
    removals[what] = { existing: existing.all, existingImported: existing.imported, removed: 0, removedImported: 0 };
    if (reasons.length === 0 || existing.all === 0) return;
    await session.query(`INSERT INTO ${noted} ${select} AND (${reasons.join(' OR ')})`, [session.tenantId]);
    await session.query(`ANALYZE ${noted}`);
    const removed = await count(session, noted);
    removals[what].removed = removed.all;
    removals[what].removedImported = removed.imported;
  };
  const when = (part: AccessFilePart, condition: string): string[] =>
    mode === 'replace' && parts[part] !== undefined ? [condition] : [];
  const notIn = (target: string, ...keys: string[]): string => {
    const sameKeys = keys.map((key) => `target.${key} = held.${key}`).join(' AND ');
    return `NOT EXISTS (SELECT FROM ${target} target WHERE ${sameKeys})`;
  };

  await find('users', when('users', notIn('target_user', 'number')));
  await find('entitlements', when('entitlements', notIn('target_entitlement', 'number')));
  await find('roles', when('roles', `held.source = 'import' AND ${notIn('target_role', 'id')}`));
  const user = removals.users.removed > 0 ? ['held.user_number IN (SELECT number FROM removed_user)'] : [];
  const entitlement =
    removals.entitlements.removed > 0 ? ['held.entitlement_number IN (SELECT number FROM removed_entitlement)'] : [];
  const unassigned = `held.imported AND ${notIn('target_assignment', 'user_number', 'entitlement_number')}`;
  await find('assignments', [...user, ...entitlement, ...when('assignments', unassigned)]);
  const ofImportedRole = (target: string, key: string): string[] =>
    when('roles', `role.source = 'import' AND ${notIn(target, 'role_id', key)}`);
  await find('role_entitlements', [...entitlement, ...ofImportedRole('target_role_entitlement', 'entitlement_number')]);
  await find('role_members', [...user, ...ofImportedRole('target_role_member', 'user_number')]);
  return removals;
}

async function count(
  session: ImportSession,
  from: string,
  values: readonly unknown[] = [],
): Promise<{ all: number; imported: number }> {
  const { rows } = await session.query<{ all: number; imported: number }>(
    `SELECT count(*)::float8 AS all, (count(*) FILTER (WHERE imported))::float8 AS imported FROM ${from} AS row`,
    values,
  );
  return rows[0];
}

/** A kind of which an import would remove too much. */
export interface ExcessiveRemoval {
  readonly part: Counted;
  readonly existing: number;
  readonly removed: number;
  readonly removed_percent: number;
}

/** The import would remove more than it may, most likely because a file is cut off; nothing was changed. */
export class ExcessiveRemovalError extends ConflictError {
  constructor(
    readonly removals: readonly ExcessiveRemoval[],
    maxRemovedPercent: number,
  ) {
    const figures = removals.map(
      ({ part, existing, removed, removed_percent }) =>
        `${removed} of ${existing} ${part.replace('_', ' ')} (${removed_percent} %)`,
    );
    super(`Nothing was imported: it would remove ${figures.join(', ')}, more than the allowed ${maxRemovedPercent} %`, {
      removals,
    });
  }
}

/** @throws ExcessiveRemovalError */
export function refuseExcessiveRemovals(removals: Removals, maxRemovedPercent: number): void {
  const excessive = COUNTED.flatMap((part): ExcessiveRemoval[] => {
    const { existingImported: existing, removedImported: removed } = removals[part];
    if (removed * 100 <= maxRemovedPercent * existing) return [];
    return [{ part, existing, removed, removed_percent: Math.round((removed * 1000) / existing) / 10 }];
  });
  if (excessive.length > 0) throw new ExcessiveRemovalError(excessive, maxRemovedPercent);
}

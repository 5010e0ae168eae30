import { COUNTED, type ChangeCounts, type Counted } from './import-counts.js';
import type { ImportOptions, ImportParts } from './import-parts.js';
import type { ImportSession } from './import-session.js';
import { findRemovals, refuseExcessiveRemovals, type Removals } from './removals.js';

/** Taken by everybody who writes to the tenant's graph (`lockGraph` of the stores). */
const LOCK_GRAPH = [
  'INSERT INTO access_graph (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING',
  'SELECT FROM access_graph WHERE tenant_id = $1 FOR UPDATE',
];

/**
 * Brings the tenant's graph from what it is to what the target tables say, in the caller's transaction. Only differences
 * are written: importing the same again writes nothing.
 *
 * @throws ExcessiveRemovalError
 */
export async function swapGraph(
  session: ImportSession,
  parts: ImportParts,
  options: ImportOptions,
): Promise<Record<Counted, ChangeCounts>> {
  for (const statement of LOCK_GRAPH) await session.query(statement, [session.tenantId]);
  const removals = await findRemovals(session, parts, options);
  refuseExcessiveRemovals(removals, options.maxRemovedPercent);
  const changes = new GraphChanges(session, removals, options.dryRun);
  if (!options.dryRun) await changes.remove();
  const counts = {
    users: await changes.users(),
    entitlements: await changes.entitlements(),
    assignments: await changes.assignments(),
    ...(await changes.roles(parts.roles !== undefined)),
  };
  if (!options.dryRun) await changes.finish();
  return Object.fromEntries(
    COUNTED.map((what) => {
      const { added, updated } = counts[what];
      const { existing, removed } = removals[what];
      return [what, { added, updated, removed, total: existing + added - removed }];
    }),
  ) as Record<Counted, ChangeCounts>;
}

interface Written {
  readonly added: number;
  readonly updated: number;
}

/** The statements of a swap. A dry run counts the rows that each would write. */
class GraphChanges {
  constructor(
    private readonly session: ImportSession,
    private readonly removals: Removals,
    private readonly dryRun: boolean,
  ) {}

  private async write(select: string, write: (select: string) => string): Promise<number> {
    const sql = this.dryRun ? `SELECT count(*)::float8 AS count FROM (${select}) AS row` : write(select);
    const { rows, rowCount } = await this.session.query<{ count: number }>(
      sql,
      sql.includes('$1') ? [this.session.tenantId] : [],
    );
    return this.dryRun ? rows[0].count : (rowCount ?? 0);
  }

  private insert(into: string, select: string): Promise<number> {
    return this.write(select, (rows) => `INSERT INTO ${into} ${rows}`);
  }

  async remove(): Promise<void> {
    const statements: [keyof Removals, string][] = [
      ['role_members', removalOf('access_role_member', 'removed_role_member', 'role_id', 'user_number')],
      [
        'role_entitlements',
        removalOf('access_role_entitlement', 'removed_role_entitlement', 'role_id', 'entitlement_number'),
      ],
      ['roles', removalOf('access_role', 'removed_role', 'id')],
      ['assignments', removalOf('access_assignment', 'removed_assignment', 'user_number', 'entitlement_number')],
      [
        'users',
        `DELETE FROM access_usage USING removed_user gone
         WHERE access_usage.tenant_id = $1 AND access_usage.user_number = gone.number`,
      ],
      [
        'entitlements',
        `DELETE FROM access_usage USING removed_entitlement gone
         WHERE access_usage.tenant_id = $1 AND access_usage.entitlement_number = gone.number`,
      ],
      ['users', removalOf('access_user', 'removed_user', 'number')],
      ['entitlements', removalOf('access_entitlement', 'removed_entitlement', 'number')],
    ];
    for (const [what, statement] of statements) {
      if (this.removals[what].removed > 0) await this.session.query(statement, [this.session.tenantId]);
    }
  }

  async users(): Promise<Written> {
    const updated = await this.write(
      `SELECT target.number, target.attributes FROM target_user target
       JOIN access_user held ON held.tenant_id = $1 AND held.number = target.number
       WHERE target.attributes <> held.attributes`,
      (rows) => `UPDATE access_user SET attributes = changed.attributes FROM (${rows}) AS changed
                 WHERE access_user.tenant_id = $1 AND access_user.number = changed.number`,
    );
    const added = await this.insert(
      'access_user (tenant_id, id, number, external_id, attributes)',
      `SELECT $1::uuid, id, number, external_id, attributes FROM target_user WHERE is_new ORDER BY number`,
    );
    return { added, updated };
  }

  async entitlements(): Promise<Written> {
    const updated = await this.write(
      `SELECT target.number, target.name, target.application, target.description FROM target_entitlement target
       JOIN access_entitlement held ON held.tenant_id = $1 AND held.number = target.number
       WHERE (target.name, target.application, target.description)
         IS DISTINCT FROM (held.name, held.application, held.description)`,
      (rows) => `UPDATE access_entitlement
                 SET name = changed.name, application = changed.application, description = changed.description
                 FROM (${rows}) AS changed
                 WHERE access_entitlement.tenant_id = $1 AND access_entitlement.number = changed.number`,
    );
    const added = await this.insert(
      'access_entitlement (tenant_id, id, number, external_id, name, application, description)',
      `SELECT $1::uuid, id, number, external_id, name, application, description FROM target_entitlement
       WHERE is_new ORDER BY number`,
    );
    return { added, updated };
  }

  /** Updated is what was used later than known, or was granted otherwise and is imported from now on. */
  async assignments(): Promise<Written> {
    const isFirst = this.removals.assignments.existing === 0;
    const updated = isFirst ? 0 : await this.countUpdatedAssignments();
    if (!isFirst) {
      await this.write(
        `SELECT target.user_number, target.entitlement_number FROM target_assignment target
         JOIN access_assignment held ON held.tenant_id = $1 AND held.user_number = target.user_number
           AND held.entitlement_number = target.entitlement_number AND NOT held.imported`,
        (rows) => `UPDATE access_assignment SET imported = true FROM (${rows}) AS changed
                   WHERE access_assignment.tenant_id = $1 AND access_assignment.user_number = changed.user_number
                     AND access_assignment.entitlement_number = changed.entitlement_number`,
      );
    }
    const isNew = isFirst ? 'true' : notHeld('access_assignment', 'user_number', 'entitlement_number');
    const added = await this.insert(
      'access_assignment (tenant_id, user_number, entitlement_number, imported)',
      `SELECT $1::uuid, target.user_number, target.entitlement_number, true FROM target_assignment target WHERE ${isNew}
       ORDER BY 2, 3`,
    );
    await this.usage();
    return { added, updated };
  }

  private async countUpdatedAssignments(): Promise<number> {
    const { rows } = await this.session.query<{ count: number }>(
      `SELECT count(*)::float8 AS count FROM target_assignment target
       JOIN access_assignment held ON held.tenant_id = $1 AND held.user_number = target.user_number
         AND held.entitlement_number = target.entitlement_number
       LEFT JOIN access_usage used ON used.tenant_id = $1 AND used.user_number = target.user_number
         AND used.entitlement_number = target.entitlement_number
       WHERE NOT held.imported
         OR target.last_used_at IS NOT NULL AND (used.last_used_at IS NULL OR used.last_used_at < target.last_used_at)`,
      [this.session.tenantId],
    );
    return rows[0].count;
  }

  /** The latest use that is known: an older export does not make it unknown again, nor does the loss of an assignment. */
  private async usage(): Promise<void> {
    await this.write(
      `SELECT target.user_number, target.entitlement_number, target.last_used_at FROM target_assignment target
       JOIN access_usage held ON held.tenant_id = $1 AND held.user_number = target.user_number
         AND held.entitlement_number = target.entitlement_number AND held.last_used_at < target.last_used_at`,
      (rows) => `UPDATE access_usage SET last_used_at = changed.last_used_at FROM (${rows}) AS changed
                 WHERE access_usage.tenant_id = $1 AND access_usage.user_number = changed.user_number
                   AND access_usage.entitlement_number = changed.entitlement_number`,
    );
    // Not ON CONFLICT, which takes half as long again: nobody else writes usage under our lock.
    await this.insert(
      'access_usage (tenant_id, user_number, entitlement_number, last_used_at)',
      `SELECT $1::uuid, target.user_number, target.entitlement_number, target.last_used_at FROM target_assignment target
       WHERE target.last_used_at IS NOT NULL AND ${notHeld('access_usage', 'user_number', 'entitlement_number')}
       ORDER BY 2, 3`,
    );
  }

  async roles(given: boolean): Promise<Record<'roles' | 'role_entitlements' | 'role_members', Written>> {
    if (!given) return { roles: NOTHING, role_entitlements: NOTHING, role_members: NOTHING };
    // Two roles may exchange their names.
    await this.session.query('SET CONSTRAINTS access_role_name_uq DEFERRED');
    const updated = await this.write(
      `SELECT target.id, target.name FROM target_role target
       JOIN access_role held ON held.tenant_id = $1 AND held.id = target.id WHERE target.name <> held.name`,
      (rows) => `UPDATE access_role SET name = changed.name FROM (${rows}) AS changed
                 WHERE access_role.tenant_id = $1 AND access_role.id = changed.id`,
    );
    const added = await this.insert(
      'access_role (tenant_id, id, external_id, name, source)',
      `SELECT $1::uuid, id, external_id, name, 'import' FROM target_role WHERE is_new ORDER BY id`,
    );
    const entitlements = await this.insert(
      'access_role_entitlement (tenant_id, role_id, entitlement_number)',
      `SELECT $1::uuid, target.role_id, target.entitlement_number FROM target_role_entitlement target
       WHERE ${notHeld('access_role_entitlement', 'role_id', 'entitlement_number')} ORDER BY 2, 3`,
    );
    const members = await this.insert(
      'access_role_member (tenant_id, role_id, user_number)',
      `SELECT $1::uuid, target.role_id, target.user_number FROM target_role_member target
       WHERE ${notHeld('access_role_member', 'role_id', 'user_number')} ORDER BY 2, 3`,
    );
    return {
      roles: { added, updated },
      role_entitlements: { added: entitlements, updated: 0 },
      role_members: { added: members, updated: 0 },
    };
  }

  async finish(): Promise<void> {
    await this.session.query(
      `UPDATE access_graph SET last_import_at = now(),
         next_user_number = greatest(next_user_number, (SELECT max(number) + 1 FROM target_user)),
         next_entitlement_number = greatest(next_entitlement_number, (SELECT max(number) + 1 FROM target_entitlement))
       WHERE tenant_id = $1`,
      [this.session.tenantId],
    );
  }
}

const NOTHING: Written = { added: 0, updated: 0 };

function removalOf(table: string, noted: string, ...keys: string[]): string {
  const sameKeys = keys.map((key) => `${table}.${key} = gone.${key}`).join(' AND ');
  return `DELETE FROM ${table} USING ${noted} gone WHERE ${table}.tenant_id = $1 AND ${sameKeys}`;
}

function notHeld(table: string, ...keys: string[]): string {
  const sameKeys = keys.map((key) => `held.${key} = target.${key}`).join(' AND ');
  return `NOT EXISTS (SELECT FROM ${table} held WHERE held.tenant_id = $1 AND ${sameKeys})`;
}

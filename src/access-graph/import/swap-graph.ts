import { COUNTED, type ChangeCounts, type Counted } from './import-counts.js';
import type { ImportOptions, ImportParts } from './import-parts.js';
import type { ImportSession } from './import-session.js';
import { findRemovals, refuseExcessiveRemovals, type Removals } from './removals.js';

/**
 * Brings the tenant's graph from what it is to what the target tables say, in the caller's transaction. Only differences
 * are written: importing the same again writes nothing. The caller has locked the graph.
 *
 * @throws ExcessiveRemovalError
 */
export async function swapGraph(
  session: ImportSession,
  parts: ImportParts,
  options: ImportOptions,
): Promise<Record<Counted, ChangeCounts>> {
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
    await this.findLaterUses();
    const updated = isFirst ? 0 : await this.adoptAssignments();
    const isNew = isFirst ? 'true' : notHeld('access_assignment', 'user_number', 'entitlement_number');
    const added = await this.insert(
      'access_assignment (tenant_id, user_number, entitlement_number, imported)',
      `SELECT $1::uuid, target.user_number, target.entitlement_number, true FROM target_assignment target WHERE ${isNew}
       ORDER BY 2, 3`,
    );
    await this.writeLaterUses();
    return { added, updated };
  }

  /** The latest use that is known counts: an older export does not make it unknown again, nor does the loss of an assignment. */
  private async findLaterUses(): Promise<void> {
    await this.session.query(
      `CREATE TEMP TABLE later_use (user_number integer, entitlement_number integer, last_used_at timestamptz(3), is_first boolean)
       ON COMMIT DROP`,
    );
    await this.session.query(
      `INSERT INTO later_use
       SELECT target.user_number, target.entitlement_number, target.last_used_at, known.last_used_at IS NULL
       FROM target_assignment target
       LEFT JOIN access_usage known ON known.tenant_id = $1 AND known.user_number = target.user_number
         AND known.entitlement_number = target.entitlement_number
       WHERE target.last_used_at IS NOT NULL
         AND (known.last_used_at IS NULL OR known.last_used_at < target.last_used_at)
       ORDER BY 1, 2`,
      [this.session.tenantId],
    );
    await this.session.query('ANALYZE later_use');
  }

  /** Makes assignments that were granted otherwise imported ones, and counts them with those that were used later. */
  private async adoptAssignments(): Promise<number> {
    const { rows } = await this.session.query<{ count: number }>(
      `SELECT count(*)::float8 AS count FROM (
         SELECT user_number, entitlement_number FROM access_assignment held
         WHERE tenant_id = $1 AND NOT imported AND EXISTS (${SAME_TARGET})
         UNION
         SELECT user_number, entitlement_number FROM later_use
         JOIN access_assignment held USING (user_number, entitlement_number) WHERE held.tenant_id = $1
       ) AS updated`,
      [this.session.tenantId],
    );
    if (!this.dryRun) {
      await this.session.query(
        `UPDATE access_assignment held SET imported = true
         WHERE tenant_id = $1 AND NOT imported AND EXISTS (${SAME_TARGET})`,
        [this.session.tenantId],
      );
    }
    return rows[0].count;
  }

  private async writeLaterUses(): Promise<void> {
    if (this.dryRun) return;
    await this.session.query(
      `UPDATE access_usage known SET last_used_at = later_use.last_used_at FROM later_use
       WHERE NOT is_first AND known.tenant_id = $1 AND known.user_number = later_use.user_number
         AND known.entitlement_number = later_use.entitlement_number`,
      [this.session.tenantId],
    );
    // Not ON CONFLICT, which takes half as long again: nobody else writes usage under our lock.
    await this.session.query(
      `INSERT INTO access_usage (tenant_id, user_number, entitlement_number, last_used_at)
       SELECT $1::uuid, user_number, entitlement_number, last_used_at FROM later_use WHERE is_first ORDER BY 2, 3`,
      [this.session.tenantId],
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
      // Not those that were new when the files were read: a merge may have removed one since.
      `SELECT $1::uuid, id, external_id, name, 'import' FROM target_role target
       WHERE line IS NOT NULL AND ${notHeld('access_role', 'id')} ORDER BY id`,
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

const SAME_TARGET = `SELECT FROM target_assignment target
  WHERE target.user_number = held.user_number AND target.entitlement_number = held.entitlement_number`;

const NOTHING: Written = { added: 0, updated: 0 };

function removalOf(table: string, noted: string, ...keys: string[]): string {
  const sameKeys = keys.map((key) => `${table}.${key} = gone.${key}`).join(' AND ');
  return `DELETE FROM ${table} USING ${noted} gone WHERE ${table}.tenant_id = $1 AND ${sameKeys}`;
}

function notHeld(table: string, ...keys: string[]): string {
  const sameKeys = keys.map((key) => `held.${key} = target.${key}`).join(' AND ');
  return `NOT EXISTS (SELECT FROM ${table} held WHERE held.tenant_id = $1 AND ${sameKeys})`;
}

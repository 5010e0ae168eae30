import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccessRules } from '../../access-graph/import/access-rules.js';
import { allowNestedLoops, effectiveAccess, MANY_USERS } from '../../access-graph/stores/effective-access.js';
import type { SodViolation } from './sod-violation.js';

/** Each of the users gains each of the entitlements. What somebody holds already is no gain, and may be in it. */
export interface AccessGain {
  readonly userIds: readonly string[];
  readonly entitlementIds: readonly string[];
}

/** The users named in an answer; `userCount` counts them all. */
const SHOWN_USERS = 100;

/** The rules of a tenant with the graph's numbers of their entitlements; entitlements that have gone are left out. */
const RULE_ENTITLEMENT = `rule_entitlement AS (
  SELECT part.rule_id, part.side, entitlement.id, entitlement.number
  FROM role_mining_sod_rule_entitlement part
  JOIN access_entitlement entitlement ON entitlement.tenant_id = $1 AND entitlement.id = part.entitlement_id
  WHERE part.tenant_id = $1)`;

/**
 * From `broken (rule_id, user_number, entitlement_ids)`: who breaks which rule, with what is held of it. Collected while
 * grouping: joining it afterwards made the planner, which knows nothing of the sizes here, compare every user with every
 * other (100,000 users: more than a minute).
 */
const VIOLATIONS = `
  SELECT rule.id AS rule_id, rule.name AS rule_name, together.entitlement_ids, who.user_count, who.user_ids
  FROM (
    SELECT broken.rule_id, count(*)::integer AS user_count,
      (array_agg(holder.id ORDER BY holder.id))[1:${SHOWN_USERS}] AS user_ids
    FROM broken JOIN access_user holder ON holder.tenant_id = $1 AND holder.number = broken.user_number
    GROUP BY broken.rule_id
  ) AS who
  JOIN (
    SELECT rule_id, array_agg(DISTINCT entitlement_id) AS entitlement_ids
    FROM broken CROSS JOIN unnest(broken.entitlement_ids) AS entitlement_id GROUP BY rule_id
  ) AS together USING (rule_id)
  JOIN role_mining_sod_rule rule ON rule.tenant_id = $1 AND rule.id = who.rule_id
  ORDER BY rule.name, rule.id`;

interface ViolationRow {
  readonly rule_id: string;
  readonly rule_name: string;
  readonly entitlement_ids: string[];
  readonly user_count: number;
  readonly user_ids: string[];
}

/**
 * What access breaks the tenant's rules of separation of duties: somebody holds an entitlement of either side. Every
 * question is one statement over all users and rules, in the caller's transaction; under the tenant's graph lock the
 * answer holds until the transaction ends.
 */
@Injectable()
export class SodRules extends AccessRules {
  /**
   * The rules that would be broken by users who gain access. A user counts who gains an entitlement of a rule and then
   * holds both of its sides; what is broken already and not touched by the gain does not.
   */
  async violationsOfAccess(
    manager: EntityManager,
    tenantId: string,
    gains: readonly AccessGain[],
  ): Promise<SodViolation[]> {
    const indexed = <T>(pick: (gain: AccessGain) => readonly T[]): [T[], number[]] => [
      gains.flatMap((gain) => pick(gain)),
      gains.flatMap((gain, index) => pick(gain).map(() => index)),
    ];
    const [userIds, gainOfUser] = indexed((gain) => gain.userIds);
    const [entitlementIds, gainOfEntitlement] = indexed((gain) => gain.entitlementIds);
    if (userIds.length === 0 || entitlementIds.length === 0) return [];
    if (userIds.length >= MANY_USERS) await allowNestedLoops(manager, false);
    const rows = await manager.query<ViolationRow[]>(
      `WITH ${RULE_ENTITLEMENT},
       gaining AS MATERIALIZED (
         SELECT DISTINCT given.gain, holder.number FROM unnest($2::uuid[], $3::integer[]) AS given (id, gain)
         JOIN access_user holder ON holder.tenant_id = $1 AND holder.id = given.id),
       given_entitlement AS MATERIALIZED (
         SELECT DISTINCT given.gain, rule_entitlement.number FROM unnest($4::uuid[], $5::integer[]) AS given (id, gain)
         JOIN rule_entitlement ON rule_entitlement.id = given.id),
       touched AS MATERIALIZED (
         SELECT * FROM rule_entitlement WHERE rule_id IN (
           SELECT rule_id FROM rule_entitlement WHERE number IN (SELECT number FROM given_entitlement))),
       held AS MATERIALIZED (
         SELECT * FROM ${effectiveAccess('SELECT number FROM gaining', 'SELECT number FROM touched')} AS access),
       gained AS MATERIALIZED (
         SELECT gaining.number AS user_number, given_entitlement.number AS entitlement_number
         FROM gaining JOIN given_entitlement USING (gain)
         EXCEPT SELECT user_number, entitlement_number FROM held),
       after AS (SELECT *, false AS is_new FROM held UNION ALL SELECT *, true FROM gained),
       broken AS (
         SELECT touched.rule_id, after.user_number, array_agg(touched.id) AS entitlement_ids
         FROM after JOIN touched ON touched.number = after.entitlement_number
         GROUP BY touched.rule_id, after.user_number
         HAVING count(DISTINCT touched.side) = 2 AND bool_or(after.is_new))
       ${VIOLATIONS}`,
      [tenantId, userIds, gainOfUser, entitlementIds, gainOfEntitlement],
    );
    if (userIds.length >= MANY_USERS) await allowNestedLoops(manager, true);
    return rows.map(violationOf);
  }

  /** The rules that somebody in the tenant breaks now. */
  override async violationsInTenant(manager: EntityManager, tenantId: string): Promise<SodViolation[]> {
    // Most tenants have no rules, and then nothing of their graph has to be read.
    const rules = await manager.query<unknown[]>('SELECT FROM role_mining_sod_rule WHERE tenant_id = $1 LIMIT 1', [
      tenantId,
    ]);
    if (rules.length === 0) return [];
    await allowNestedLoops(manager, false);
    const rows = await manager.query<ViolationRow[]>(
      `WITH ${RULE_ENTITLEMENT},
       held AS MATERIALIZED (
         SELECT * FROM ${effectiveAccess(
           'SELECT number FROM access_user WHERE tenant_id = $1',
           'SELECT number FROM rule_entitlement',
         )} AS access),
       broken AS (
         SELECT rule_id, user_number, array_agg(id) AS entitlement_ids
         FROM held JOIN rule_entitlement ON number = entitlement_number
         GROUP BY rule_id, user_number HAVING count(DISTINCT side) = 2)
       ${VIOLATIONS}`,
      [tenantId],
    );
    await allowNestedLoops(manager, true);
    return rows.map(violationOf);
  }

  /**
   * The rules that sets of entitlements break by themselves, whoever holds them: those of each set, in the order of the
   * sets.
   */
  async violationsOfSets(
    manager: EntityManager,
    tenantId: string,
    sets: readonly (readonly string[])[],
  ): Promise<SodViolation[][]> {
    const rows = await manager.query<
      (Pick<ViolationRow, 'rule_id' | 'rule_name' | 'entitlement_ids'> & { set: number })[]
    >(
      `SELECT given.set, rule.id AS rule_id, rule.name AS rule_name,
         array_agg(DISTINCT part.entitlement_id) AS entitlement_ids
       FROM unnest($2::uuid[], $3::integer[]) AS given (id, set)
       JOIN role_mining_sod_rule_entitlement part ON part.tenant_id = $1 AND part.entitlement_id = given.id
       JOIN role_mining_sod_rule rule ON rule.tenant_id = $1 AND rule.id = part.rule_id
       GROUP BY given.set, rule.id, rule.name HAVING count(DISTINCT part.side) = 2
       ORDER BY rule.name, rule.id`,
      [tenantId, sets.flat(), sets.flatMap((set, index) => set.map(() => index))],
    );
    const found = sets.map((): SodViolation[] => []);
    for (const { set, ...row } of rows) found[set].push(violationOf({ ...row, user_count: 0, user_ids: [] }));
    return found;
  }
}

function violationOf(row: ViolationRow): SodViolation {
  return {
    ruleId: row.rule_id,
    ruleName: row.rule_name,
    entitlementIds: row.entitlement_ids,
    userCount: row.user_count,
    userIds: row.user_ids,
  };
}

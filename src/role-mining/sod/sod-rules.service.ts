import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { Actor } from '../../auth/actor.js';
import { errorCode } from '../../common/error-code.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../../common/errors/domain.error.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';

type RuleActor = Pick<Actor, 'tenantId' | 'userId'>;

export interface NewSodRule {
  readonly name: string;
  readonly description: string | null;
  /** Not empty, and without a common entitlement. */
  readonly entitlementIdsA: readonly string[];
  readonly entitlementIdsB: readonly string[];
}

export type SodRule = NewSodRule & { readonly id: string; readonly createdBy: string; readonly createdAt: Date };

const UNIQUE_VIOLATION = '23505';
const SHOWN_IDS = 10;

const SELECT_RULE = `
  SELECT id, name, description, created_by AS "createdBy", created_at AS "createdAt",
    ${sideOfRule('a')} AS "entitlementIdsA", ${sideOfRule('b')} AS "entitlementIdsB"
  FROM role_mining_sod_rule rule WHERE tenant_id = $1`;

/** The rules of separation of duties of a tenant: what nobody may hold together. `SodRules` asks whether they are kept. */
@Injectable()
export class SodRulesService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly trail: AuditTrail,
  ) {}

  /** By name. */
  async listRules(tenantId: string, page: PageQuery): Promise<{ items: SodRule[]; total: number }> {
    return this.transaction.run(tenantId, async (manager) => {
      const items = await manager.query<SodRule[]>(`${SELECT_RULE} ORDER BY name, id LIMIT $2 OFFSET $3`, [
        tenantId,
        page.limit,
        page.offset,
      ]);
      const [{ total }] = await manager.query<[{ total: number }]>(
        'SELECT count(*)::integer AS total FROM role_mining_sod_rule WHERE tenant_id = $1',
        [tenantId],
      );
      return { items, total };
    });
  }

  /** @throws NotFoundError */
  async getRule(tenantId: string, id: string): Promise<SodRule> {
    return this.transaction.run(tenantId, async (manager) => {
      const [rule] = await manager.query<SodRule[]>(`${SELECT_RULE} AND id = $2`, [tenantId, id]);
      if (rule === undefined) throw new NotFoundError('separation-of-duties rule', id);
      return rule;
    });
  }

  /**
   * Holds from now on; what breaks it already is reported and stays.
   *
   * @throws InvalidInputError for entitlements that do not exist, or that are on both sides
   * @throws ConflictError when the name is taken
   */
  async createRule(actor: RuleActor, rule: NewSodRule): Promise<SodRule> {
    const sideA = new Set(rule.entitlementIdsA);
    refuseIds(
      rule.entitlementIdsB.filter((id) => sideA.has(id)),
      'entitlement_ids_b',
      'must not share entitlements with entitlement_ids_a, shares',
    );
    return this.transaction.run(actor.tenantId, async (manager) => {
      await requireEntitlements(manager, actor.tenantId, rule.entitlementIdsA, 'entitlement_ids_a');
      await requireEntitlements(manager, actor.tenantId, rule.entitlementIdsB, 'entitlement_ids_b');
      const id = await insertRule(manager, actor, rule);
      await this.trail.record(manager, actor, {
        action: 'sod_rule.create',
        objectType: 'sod_rule',
        objectId: id,
        after: describe(rule),
      });
      return this.getRule(actor.tenantId, id);
    });
  }

  /** @throws NotFoundError */
  async deleteRule(actor: RuleActor, id: string): Promise<void> {
    await this.transaction.run(actor.tenantId, async (manager) => {
      const rule = await this.getRule(actor.tenantId, id);
      const deleted = await manager.query<[unknown[], number]>(
        'DELETE FROM role_mining_sod_rule WHERE tenant_id = $1 AND id = $2',
        [actor.tenantId, id],
      );
      if (deleted[1] === 0) throw new NotFoundError('separation-of-duties rule', id);
      await this.trail.record(manager, actor, {
        action: 'sod_rule.delete',
        objectType: 'sod_rule',
        objectId: id,
        before: describe(rule),
      });
    });
  }
}

function sideOfRule(side: 'a' | 'b'): string {
  return `ARRAY(SELECT entitlement_id FROM role_mining_sod_rule_entitlement part
    WHERE part.tenant_id = rule.tenant_id AND part.rule_id = rule.id AND side = '${side}' ORDER BY 1)`;
}

async function insertRule(manager: EntityManager, actor: RuleActor, rule: NewSodRule): Promise<string> {
  try {
    const [{ id }] = await manager.query<[{ id: string }]>(
      'INSERT INTO role_mining_sod_rule (tenant_id, name, description, created_by) VALUES ($1, $2, $3, $4) RETURNING id',
      [actor.tenantId, rule.name, rule.description, actor.userId],
    );
    await manager.query(
      `INSERT INTO role_mining_sod_rule_entitlement (tenant_id, rule_id, side, entitlement_id)
       SELECT $1::uuid, $2::uuid, 'a', id FROM unnest($3::uuid[]) AS id
       UNION ALL SELECT $1, $2, 'b', id FROM unnest($4::uuid[]) AS id`,
      [actor.tenantId, id, rule.entitlementIdsA, rule.entitlementIdsB],
    );
    return id;
  } catch (error) {
    if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
    throw new ConflictError(`There is a separation-of-duties rule named ${JSON.stringify(rule.name)} already`);
  }
}

async function requireEntitlements(
  manager: EntityManager,
  tenantId: string,
  ids: readonly string[],
  field: string,
): Promise<void> {
  const unknown = await manager.query<{ id: string }[]>(
    `SELECT id FROM unnest($2::uuid[]) AS id
     EXCEPT SELECT id FROM access_entitlement WHERE tenant_id = $1 ORDER BY 1`,
    [tenantId, ids],
  );
  refuseIds(
    unknown.map(({ id }) => id),
    field,
    'must name entitlements of the tenant, does not know',
  );
}

function refuseIds(ids: readonly string[], field: string, sentence: string): void {
  if (ids.length === 0) return;
  const more = ids.length > SHOWN_IDS ? ` and ${ids.length - SHOWN_IDS} more` : '';
  const message = `${field} ${sentence} ${ids.slice(0, SHOWN_IDS).join(', ')}${more}`;
  throw new InvalidInputError([{ field, message }]);
}

function describe(rule: NewSodRule): object {
  return {
    name: rule.name,
    description: rule.description,
    entitlement_ids_a: rule.entitlementIdsA,
    entitlement_ids_b: rule.entitlementIdsB,
  };
}

import type { EntityManager } from 'typeorm';
import { ConflictError } from '../../common/errors/domain.error.js';

type Referred = 'access_user' | 'access_entitlement';

const NAME_OF: Readonly<Record<Referred, string>> = { access_user: 'user', access_entitlement: 'entitlement' };
const SHOWN_IDS = 10;

/** Those of the ids that the tenant does not have, ascending. */
export async function findMissingIds(
  manager: EntityManager,
  tenantId: string,
  table: Referred | 'access_role',
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM unnest($2::uuid[]) AS id EXCEPT SELECT id FROM ${table} WHERE tenant_id = $1 ORDER BY id`,
    [tenantId, ids],
  );
  return rows.map(({ id }) => id);
}

/** Ids for a sentence: the first ten, and how many more there are. */
export function listedIds(ids: readonly string[]): string {
  const more = ids.length > SHOWN_IDS ? ` and ${ids.length - SHOWN_IDS} more` : '';
  return `${ids.slice(0, SHOWN_IDS).join(', ')}${more}`;
}

/**
 * The numbers of users or entitlements, each once, in no particular order.
 *
 * @throws ConflictError naming the ids that the tenant does not have (any more)
 */
export async function numbersOf(
  manager: EntityManager,
  tenantId: string,
  table: Referred,
  ids: readonly string[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await manager.query<{ id: string; number: number }[]>(
    `SELECT id, number FROM ${table} WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
    [tenantId, ids],
  );
  const found = new Set(rows.map(({ id }) => id));
  const missing = [...new Set(ids.map((id) => id.toLowerCase()))].filter((id) => !found.has(id));
  if (missing.length > 0) {
    throw new ConflictError(`The access graph no longer has the ${NAME_OF[table]} ${listedIds(missing)}`);
  }
  return rows.map(({ number }) => number);
}

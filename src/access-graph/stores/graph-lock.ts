import type { EntityManager } from 'typeorm';
import { errorCode } from '../../common/error-code.js';
import { DomainError } from '../../common/errors/domain.error.js';

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Makes the transaction the only one that writes to the tenant's access graph, until it ends. Whoever writes rows that
 * hold numbers of users or entitlements takes it first: those tables have no foreign keys (see the migration).
 *
 * @throws DomainError unavailable when somebody else, most likely an import, holds it for longer than the lock time-out
 */
export function lockGraph(manager: EntityManager, tenantId: string): Promise<void> {
  return lockGraphBy((statement) => manager.query(statement, [tenantId]));
}

/**
 * The same on a connection of one's own.
 *
 * @param query runs a statement with the tenant as $1, in the transaction
 */
export async function lockGraphBy(query: (statement: string) => Promise<unknown>): Promise<void> {
  try {
    await query('INSERT INTO access_graph (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING');
    await query('SELECT FROM access_graph WHERE tenant_id = $1 FOR UPDATE');
  } catch (error) {
    if (errorCode(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw new DomainError('unavailable', 'The access graph is being changed by somebody else, try again shortly');
  }
}

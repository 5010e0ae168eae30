import type { EntityManager } from 'typeorm';
import type { AccessFilePart } from '../../access-files/access-file.js';
import { DomainError } from '../../common/errors/domain.error.js';
import { AccessImport, type ImportFailure } from './import.entity.js';
import type { ImportCounts } from './import-counts.js';
import { ImportRejectedError } from './import-faults.js';
import type { ImportOptions } from './import-parts.js';
import { IMPORT_IS_ALIVE, type ImportSession } from './import-session.js';
import { ExcessiveRemovalError } from './removals.js';

export const INTERRUPTED: ImportFailure = {
  message: 'The process that ran the import has ended before it was done. Nothing was imported: start it again',
  errors: [],
  errorCount: 0,
  removals: [],
};

const END_IMPORTS = `UPDATE access_import SET status = 'failed', completed_at = now(), updated_at = now(),
  failure = '${JSON.stringify(INTERRUPTED)}' WHERE tenant_id = $1 AND status = 'running'`;
const WHICH = 'RETURNING id';

/**
 * An import that runs holds its session's lock. One that says `running` while nobody holds the lock has died, and is told
 * so to whoever looks; its row is written before the lock is given back, so a living one is never taken for dead.
 */
const END_DEAD_IMPORTS = `${END_IMPORTS} AND NOT ${IMPORT_IS_ALIVE} ${WHICH}`;

/** Gives the ids of those that had died. */
export async function endDeadImports(manager: EntityManager, tenantId: string): Promise<string[]> {
  const [rows] = await manager.query<[{ id: string }[], number]>(END_DEAD_IMPORTS, [tenantId]);
  return rows.map(({ id }) => id);
}

/** In a transaction of its own, so that it is seen while it runs. Gives its id, and those of imports that had died. */
export async function beginImport(
  session: ImportSession,
  parts: readonly AccessFilePart[],
  options: ImportOptions,
  userId: string | null,
): Promise<{ id: string; died: string[] }> {
  // The session holds the lock: what else says that it is running has died.
  const dead = await session.query<{ id: string }>(`${END_IMPORTS} ${WHICH}`, [session.tenantId]);
  const { rows } = await session.query<{ id: string }>(
    `INSERT INTO access_import (tenant_id, mode, dry_run, max_removed_percent, parts, created_by)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [session.tenantId, options.mode, options.dryRun, options.maxRemovedPercent, parts, userId],
  );
  return { id: rows[0].id, died: dead.rows.map(({ id }) => id) };
}

/** In the transaction of the swap: an import that says that it completed has changed the graph, and no other has. */
export async function completeImport(session: ImportSession, id: string, counts: ImportCounts): Promise<void> {
  await session.query(
    `UPDATE access_import SET status = 'completed', progress_percent = 100, counts = $3, completed_at = now(),
       updated_at = now() WHERE tenant_id = $1 AND id = $2`,
    [session.tenantId, id, JSON.stringify(counts)],
  );
}

/**
 * Not in the import's session, whose transaction was rolled back or whose connection may be what has failed. Gives what
 * was written; null when the import had been taken for dead, and ended, before.
 */
export async function failImport(
  manager: EntityManager,
  tenantId: string,
  id: string,
  error: unknown,
): Promise<ImportFailure | null> {
  const failure = failureOf(error);
  const { affected } = await manager.update(
    AccessImport,
    { tenantId, id, status: 'running' },
    { status: 'failed', failure, completedAt: () => 'now()', updatedAt: () => 'now()' },
  );
  return affected === 1 ? failure : null;
}

function failureOf(error: unknown): ImportFailure {
  const isOurs = error instanceof DomainError;
  return {
    message: isOurs ? error.message : 'Something went wrong in the service, nothing was imported; its log says what',
    errors: error instanceof ImportRejectedError ? error.faults : [],
    errorCount: error instanceof ImportRejectedError ? error.total : 0,
    removals: error instanceof ExcessiveRemovalError ? error.removals : [],
  };
}

/** The refusal that an import has ended with, as its first caller got it; null when it was none. */
export function refusalOf({ failure, maxRemovedPercent }: AccessImport): DomainError | null {
  if (failure === null) return null;
  if (failure.removals.length > 0) return new ExcessiveRemovalError(failure.removals, maxRemovedPercent);
  if (failure.errors.length > 0) return new ImportRejectedError(failure.errors, failure.errorCount);
  return null;
}

import type { EntityManager } from 'typeorm';
import type { AuditAction } from '../../audit/audit-actions.js';
import type { AuditActor, AuditActorKind, AuditEntry, AuditTrail } from '../../audit/audit-trail.js';
import type { ImportFailure } from './import.entity.js';
import type { ImportCounts } from './import-counts.js';
import type { ImportOptions } from './import-parts.js';

/** Who imports for whom. */
export interface Importer {
  readonly tenantId: string;
  /** The administrator who asks for it; null for a module or a command that runs by itself. */
  readonly userId: string | null;
  /** What the audit trail calls the one who asks, where it cannot be seen from the call. */
  readonly actorKind?: AuditActorKind;
}

/** What the audit trail says about imports; always the last statement of a transaction. */
export class ImportAudit {
  constructor(private readonly trail: AuditTrail) {}

  async started(
    manager: EntityManager,
    importer: Importer,
    id: string,
    { mode, dryRun }: ImportOptions,
    parts: readonly string[],
  ): Promise<void> {
    await this.trail.record(manager, actorOf(importer), {
      ...entry('import.start', id),
      after: { status: 'running', mode, dry_run: dryRun, parts },
    });
  }

  async completed(
    manager: EntityManager,
    importer: Importer,
    id: string,
    { dryRun }: ImportOptions,
    counts: ImportCounts,
  ): Promise<void> {
    await this.trail.record(manager, actorOf(importer), {
      ...entry('import.complete', id),
      before: { status: 'running' },
      after: { status: 'completed', dry_run: dryRun, counts },
    });
  }

  async failed(manager: EntityManager, importer: Importer, id: string, failure: ImportFailure): Promise<void> {
    await this.trail.record(manager, actorOf(importer), {
      ...entry('import.fail', id),
      before: { status: 'running' },
      after: { status: 'failed', error_message: failure.message },
    });
  }
}

function actorOf({ tenantId, userId, actorKind }: Importer): AuditActor {
  return { tenantId, userId, ...(actorKind && { kind: actorKind }) };
}

function entry(action: AuditAction, objectId: string): AuditEntry {
  return { action, objectType: 'import', objectId };
}

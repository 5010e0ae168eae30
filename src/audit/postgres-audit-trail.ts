import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { currentRequestId } from '../common/http/request-context.js';
import { type AuditActor, type AuditEntry, AuditTrail } from './audit-trail.js';

/** The trail in our own database; numbers, times and hashes are given there (see the migration). */
@Injectable()
export class PostgresAuditTrail extends AuditTrail {
  override async record(manager: EntityManager, actor: AuditActor, entry: AuditEntry): Promise<void> {
    const requestId = currentRequestId();
    const kind = actor.kind ?? (requestId === null ? 'module' : 'user');
    await manager.query('SELECT audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
      kind,
      actor.userId,
      entry.action,
      entry.objectType,
      entry.objectId,
      json(entry.before),
      json(entry.after),
      entry.reason ?? null,
      json(entry.refusal),
      requestId,
    ]);
  }
}

function json(value: object | null | undefined): string | null {
  return value ? JSON.stringify(value) : null;
}

import { Injectable } from '@nestjs/common';
import type { ListSource } from '../common/paging/list-source.js';
import type { PageQuery } from '../common/paging/page.query.js';
import { readPages } from '../database/read-pages.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import type { AuditAction, AuditObjectType } from './audit-actions.js';
import { type AuditChainReport, verifyAuditChain } from './audit-chain.js';
import type { AuditActorKind, AuditRefusal } from './audit-trail.js';

export const AUDIT_OUTCOMES = ['done', 'refused'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** What is left out does not filter. */
export interface AuditFilter {
  readonly action?: AuditAction;
  readonly objectType?: AuditObjectType;
  readonly objectId?: string;
  readonly actorId?: string;
  readonly outcome?: AuditOutcome;
  /** ISO 8601. */
  readonly since?: string;
  readonly until?: string;
}

export interface AuditEvent {
  readonly id: string;
  readonly sequence: number;
  readonly created_at: Date;
  readonly actor_kind: AuditActorKind;
  readonly actor_id: string | null;
  readonly action: AuditAction;
  readonly object_type: AuditObjectType;
  readonly object_id: string | null;
  readonly before: object | null;
  readonly after: object | null;
  readonly reason: string | null;
  readonly refusal: AuditRefusal | null;
  readonly request_id: string | null;
  readonly previous_hash: string;
  readonly hash: string;
}

/** The statements do not depend on what is asked for: a parameter that is null filters nothing. */
const MATCHES = `tenant_id = $1
  AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR object_type = $3)
  AND ($4::uuid IS NULL OR object_id = $4) AND ($5::uuid IS NULL OR actor_id = $5)
  AND ($6::text IS NULL OR (refusal IS NOT NULL) = ($6 = 'refused'))
  AND ($7::timestamptz IS NULL OR created_at >= $7) AND ($8::timestamptz IS NULL OR created_at < $8)`;

// By the column: `sequence` alone would be the number in the answer, converted, which no index is in the order of.
const SELECT = `SELECT id, sequence::float8 AS sequence, created_at, actor_kind, actor_id, action, object_type, object_id,
    before, after, reason, refusal, request_id, encode(previous_hash, 'hex') AS previous_hash, encode(hash, 'hex') AS hash
  FROM audit_event WHERE ${MATCHES} AND ($9::bigint IS NULL OR sequence < $9) ORDER BY audit_event.sequence DESC`;

/** Reads the audit trail. */
@Injectable()
export class AuditEventsService {
  constructor(private readonly transaction: TenantTransaction) {}

  /**
   * Newest first: `created_at` and the number give the same order, without ties.
   *
   * @param before only events with a smaller number; the total counts all that match the filter
   */
  async listEvents(
    tenantId: string,
    filter: AuditFilter,
    page: Pick<PageQuery, 'limit' | 'offset'>,
    before: number | null,
  ): Promise<{ items: AuditEvent[]; total: number; hasMore: boolean }> {
    const values = parametersOf(tenantId, filter);
    return this.transaction.run(tenantId, async (manager) => {
      const items = await manager.query<AuditEvent[]>(`${SELECT} LIMIT $10 OFFSET $11`, [
        ...values,
        before,
        page.limit + 1,
        page.offset,
      ]);
      const [{ total }] = await manager.query<[{ total: number }]>(
        `SELECT count(*)::float8 AS total FROM audit_event WHERE ${MATCHES}`,
        values,
      );
      return { items: items.slice(0, page.limit), total, hasMore: items.length > page.limit };
    });
  }

  /** The same without an end. */
  allEvents(tenantId: string, filter: AuditFilter, before: number | null): ListSource<AuditEvent> {
    const values = [...parametersOf(tenantId, filter), before];
    return {
      async count(manager) {
        const [{ total }] = await manager.query<[{ total: number }]>(
          `SELECT count(*)::float8 AS total FROM audit_event
           WHERE ${MATCHES} AND ($9::bigint IS NULL OR sequence < $9)`,
          values,
        );
        return total;
      },
      pages: (manager, { offset, limit }) =>
        readPages<AuditEvent>(manager, `${SELECT} LIMIT $10 OFFSET $11`, [...values, limit, offset]),
    };
  }

  async verify(tenantId: string): Promise<AuditChainReport> {
    return this.transaction.readSnapshot(tenantId, (manager) => verifyAuditChain(manager, tenantId));
  }
}

function parametersOf(tenantId: string, filter: AuditFilter): (string | null)[] {
  const { action, objectType, objectId, actorId, outcome, since, until } = filter;
  return [tenantId, action, objectType, objectId, actorId, outcome, since, until].map((value) => value ?? null);
}

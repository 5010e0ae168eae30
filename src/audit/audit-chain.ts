import type { EntityManager } from 'typeorm';

export const AUDIT_FAULT_KINDS = ['changed', 'broken_before', 'broken_after'] as const;
export type AuditFaultKind = (typeof AUDIT_FAULT_KINDS)[number];

/** Something that the trail does not explain: an event is missing, or is not what was written. */
export interface AuditChainFault {
  /** Number of the event at which it shows. */
  readonly sequence: number;
  /** Not what was written; does not follow the kept event before it; is not followed by what the head says. */
  readonly fault: AuditFaultKind;
}

export interface AuditChainReport {
  readonly eventCount: number;
  /** The oldest event that is kept; null without events. */
  readonly firstSequence: number | null;
  /** The number and the hash that the newest event must have; null before the first event. */
  readonly lastSequence: number | null;
  readonly headHash: string | null;
  /** The first hundred. */
  readonly faults: readonly AuditChainFault[];
}

interface ReportRow {
  readonly events: string;
  readonly first: string | null;
  readonly head_sequence: string | null;
  readonly head_hash: string | null;
  readonly faults: AuditChainFault[] | null;
}

/**
 * Follows the tenant's chain from its oldest kept event to its head and names every place where it breaks. What the
 * owner has dropped for its age is no fault: the chain begins with what is kept. Reads all events, once.
 *
 * It finds what was changed around the service. Who can write the whole chain anew, the owner of the database, is found
 * out by a head hash that was kept elsewhere.
 */
export async function verifyAuditChain(manager: EntityManager, tenantId: string): Promise<AuditChainReport> {
  const [row] = await manager.query<ReportRow[]>(
    `WITH event AS MATERIALIZED (
       SELECT sequence, hash, hash <> audit_hash(audit_event) AS is_changed, previous_hash,
         lag(sequence) OVER newest_last AS sequence_before, lag(hash) OVER newest_last AS hash_before
       FROM audit_event WHERE tenant_id = $1 WINDOW newest_last AS (ORDER BY sequence)),
     head AS (SELECT sequence, hash FROM audit_head WHERE tenant_id = $1),
     fault AS (
       SELECT sequence, 'changed' AS fault FROM event WHERE is_changed
       UNION ALL
       SELECT sequence, 'broken_before' FROM event
       WHERE sequence_before IS NOT NULL AND (sequence_before <> sequence - 1 OR hash_before <> previous_hash)
       UNION ALL
       SELECT coalesce((SELECT max(sequence) FROM event), 0), 'broken_after' FROM head
       WHERE NOT EXISTS (SELECT FROM event WHERE event.sequence = head.sequence AND event.hash = head.hash)
       ORDER BY 1 LIMIT 100)
     SELECT (SELECT count(*) FROM event) AS events, (SELECT min(sequence) FROM event) AS first,
       (SELECT sequence FROM head) AS head_sequence, (SELECT encode(hash, 'hex') FROM head) AS head_hash,
       (SELECT json_agg(json_build_object('sequence', sequence, 'fault', fault)) FROM fault) AS faults`,
    [tenantId],
  );
  return {
    eventCount: Number(row.events),
    firstSequence: row.first === null ? null : Number(row.first),
    lastSequence: row.head_sequence === null ? null : Number(row.head_sequence),
    headHash: row.head_hash,
    faults: row.faults ?? [],
  };
}

import type { CsvTable } from '../exports/csv.js';
import type { AuditEventDto } from './dto/audit-event.dto.js';

export const AUDIT_EVENT_CSV: CsvTable<AuditEventDto> = {
  // Whom and what it is about, the trail itself says by id: both may be of another system, or gone.
  references: () => ({}),
  columns: {
    sequence: (event) => event.sequence,
    created_at: (event) => event.created_at,
    actor_kind: (event) => event.actor_kind,
    actor_id: (event) => event.actor_id,
    action: (event) => event.action,
    outcome: (event) => event.outcome,
    object_type: (event) => event.object_type,
    object_id: (event) => event.object_id,
    before: (event) => json(event.before),
    after: (event) => json(event.after),
    reason: (event) => event.reason,
    refusal_status: (event) => event.refusal?.status ?? null,
    refusal_detail: (event) => event.refusal?.detail ?? null,
    request_id: (event) => event.request_id,
    id: (event) => event.id,
    previous_hash: (event) => event.previous_hash,
    hash: (event) => event.hash,
  },
};

function json(value: object | null): string | null {
  return value && JSON.stringify(value);
}

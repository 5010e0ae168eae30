import type { AuditChainReport } from './audit-chain.js';
import type { AuditEvent } from './audit-events.service.js';
import type { AuditEventDto } from './dto/audit-event.dto.js';
import type { AuditVerificationDto } from './dto/audit-verification.dto.js';

export function auditEventToDto(event: AuditEvent): AuditEventDto {
  return {
    id: event.id,
    sequence: event.sequence,
    created_at: event.created_at.toISOString(),
    actor_kind: event.actor_kind,
    actor_id: event.actor_id,
    action: event.action,
    outcome: event.refusal === null ? 'done' : 'refused',
    object_type: event.object_type,
    object_id: event.object_id,
    before: event.before,
    after: event.after,
    reason: event.reason,
    refusal: event.refusal && { status: event.refusal.status, detail: event.refusal.detail },
    request_id: event.request_id,
    previous_hash: event.previous_hash,
    hash: event.hash,
  };
}

export function verificationToDto(report: AuditChainReport): AuditVerificationDto {
  return {
    is_whole: report.faults.length === 0,
    event_count: report.eventCount,
    first_sequence: report.firstSequence,
    last_sequence: report.lastSequence,
    head_hash: report.headHash,
    faults: report.faults.map(({ sequence, fault }) => ({ sequence, fault })),
  };
}

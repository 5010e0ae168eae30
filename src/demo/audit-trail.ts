import type { AuditEventDto } from '../audit/dto/audit-event.dto.js';
import type { AuditVerificationDto } from '../audit/dto/audit-verification.dto.js';
import type { Api } from './api.js';
import { count, printTable } from './tables.js';

const EVENTS = '/governance/role-mining/audit-events';
const SHOWN = 14;

/** Shows who did what last, and that nothing is missing. */
export async function printAuditTrail(api: Api): Promise<void> {
  const events = await api.first<AuditEventDto>(EVENTS, SHOWN);
  printTable(
    'Audit trail, newest first',
    ['No.', 'Time', 'By', 'What', 'Outcome', 'Reason'],
    events.map((event) => [
      count(event.sequence),
      event.created_at.slice(0, 19).replace('T', ' '),
      event.actor_kind,
      event.action,
      event.outcome,
      event.reason ?? '',
    ]),
  );
  const { is_whole, event_count, head_hash, faults } = await api.get<AuditVerificationDto>(`${EVENTS}/verification`);
  const state = is_whole ? 'none is missing or was changed' : `${count(faults.length)} faults were found`;
  console.log(`Verified: ${count(event_count)} events, ${state}. Newest hash ${head_hash?.slice(0, 16) ?? 'none'}…`);
}

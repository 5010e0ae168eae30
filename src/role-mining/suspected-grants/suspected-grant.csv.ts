import type { CsvTable } from '../../exports/csv.js';
import type { SuspectedGrantDto } from './dto/suspected-grant.dto.js';

export const SUSPECTED_GRANT_CSV: CsvTable<SuspectedGrantDto> = {
  references: (grant) => ({ users: [grant.user_id], entitlements: [grant.entitlement_id] }),
  columns: {
    id: (grant) => grant.id,
    kind: (grant) => grant.kind,
    user: (grant, names) => names.user(grant.user_id),
    entitlement: (grant, names) => names.entitlement(grant.entitlement_id),
    score: (grant) => grant.score,
    user_id: (grant) => grant.user_id,
    entitlement_id: (grant) => grant.entitlement_id,
    job_id: (grant) => grant.job_id,
    created_at: (grant) => grant.created_at,
  },
};

import type { CsvTable } from '../../exports/csv.js';
import type { AccessPatternDto } from './dto/pattern.dto.js';

export const PATTERN_CSV: CsvTable<AccessPatternDto> = {
  references: (pattern) => ({ entitlements: pattern.entitlement_ids, users: pattern.sample_user_ids }),
  columns: {
    id: (pattern) => pattern.id,
    user_count: (pattern) => pattern.user_count,
    exact_user_count: (pattern) => pattern.exact_user_count,
    entitlement_count: (pattern) => pattern.entitlement_ids.length,
    entitlements: (pattern, names) => names.entitlements(pattern.entitlement_ids),
    sample_users: (pattern, names) => names.users(pattern.sample_user_ids),
    entitlement_ids: (pattern) => pattern.entitlement_ids,
    sample_user_ids: (pattern) => pattern.sample_user_ids,
    job_id: (pattern) => pattern.job_id,
    created_at: (pattern) => pattern.created_at,
  },
};

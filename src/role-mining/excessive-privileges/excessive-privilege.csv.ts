import type { CsvTable } from '../../exports/csv.js';
import type { ExcessivePrivilegeDto } from './dto/excessive-privilege.dto.js';

export const FLAG_CSV: CsvTable<ExcessivePrivilegeDto> = {
  references: (flag) => ({ users: [flag.user_id], entitlements: flag.excess_entitlements }),
  columns: {
    id: (flag) => flag.id,
    user: (flag, names) => names.user(flag.user_id),
    user_id: (flag) => flag.user_id,
    peer_group_value: (flag) => flag.peer_group_value,
    deviation_percent: (flag) => flag.deviation_percent,
    user_count: (flag) => flag.user_count,
    peer_average: (flag) => flag.peer_average,
    peer_median: (flag) => flag.peer_median,
    peer_percentile: (flag) => flag.peer_percentile,
    excess_entitlements: (flag, names) => names.entitlements(flag.excess_entitlements),
    status: (flag) => flag.status,
    notes: (flag) => flag.notes,
    reviewed_by: (flag) => flag.reviewed_by,
    reviewed_at: (flag) => flag.reviewed_at,
    excess_entitlement_ids: (flag) => flag.excess_entitlements,
    peer_group_id: (flag) => flag.peer_group_id,
    job_id: (flag) => flag.job_id,
    created_at: (flag) => flag.created_at,
  },
};

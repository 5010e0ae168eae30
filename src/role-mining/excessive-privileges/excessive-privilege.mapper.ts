import type { ExcessivePrivilegeDto } from './dto/excessive-privilege.dto.js';
import type { ExcessivePrivilege } from './excessive-privilege.entity.js';

export function excessivePrivilegeToDto(flag: ExcessivePrivilege): ExcessivePrivilegeDto {
  return {
    id: flag.id,
    job_id: flag.jobId,
    user_id: flag.userId,
    peer_group_id: flag.peerGroupId,
    peer_group_value: flag.peerGroupValue,
    deviation_percent: flag.deviationPercent,
    excess_entitlements: flag.excessEntitlements,
    peer_average: flag.peerAverage,
    user_count: flag.userCount,
    peer_median: flag.peerMedian,
    peer_percentile: flag.peerPercentile,
    status: flag.status,
    notes: flag.notes,
    reviewed_by: flag.reviewedBy,
    reviewed_at: flag.reviewedAt?.toISOString() ?? null,
    created_at: flag.createdAt.toISOString(),
  };
}

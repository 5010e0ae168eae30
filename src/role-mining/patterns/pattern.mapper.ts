import type { AccessPatternDto } from './dto/pattern.dto.js';
import type { AccessPattern } from './pattern.entity.js';

export function patternToDto(pattern: AccessPattern): AccessPatternDto {
  return {
    id: pattern.id,
    job_id: pattern.jobId,
    entitlement_ids: pattern.entitlementIds,
    frequency: pattern.frequency,
    user_count: pattern.frequency,
    exact_user_count: pattern.exactUserCount,
    sample_user_ids: pattern.sampleUserIds,
    created_at: pattern.createdAt.toISOString(),
  };
}

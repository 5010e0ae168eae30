import type { SuspectedGrantDto } from './dto/suspected-grant.dto.js';
import type { SuspectedGrant } from './suspected-grant.entity.js';

export function suspectedGrantToDto(grant: SuspectedGrant): SuspectedGrantDto {
  return {
    id: grant.id,
    job_id: grant.jobId,
    kind: grant.kind,
    user_id: grant.userId,
    entitlement_id: grant.entitlementId,
    score: grant.score,
    created_at: grant.createdAt.toISOString(),
  };
}

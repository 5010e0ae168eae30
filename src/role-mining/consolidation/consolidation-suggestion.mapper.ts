import { violationToDto } from '../sod/sod-violation.js';
import type { MergePreview } from './consolidation-decisions.service.js';
import type { ConsolidationSuggestion } from './consolidation-suggestion.entity.js';
import type { ConsolidationSuggestionDto } from './dto/consolidation-suggestion.dto.js';
import type { MergePreviewDto } from './dto/merge-preview.dto.js';

export function suggestionToDto(suggestion: ConsolidationSuggestion): ConsolidationSuggestionDto {
  return {
    id: suggestion.id,
    job_id: suggestion.jobId,
    role_a_id: suggestion.roleAId,
    role_b_id: suggestion.roleBId,
    overlap_percent: suggestion.overlapPercent,
    containment_percent: suggestion.containmentPercent,
    member_overlap_percent: suggestion.memberOverlapPercent,
    shared_entitlements: suggestion.sharedEntitlements,
    unique_to_a: suggestion.uniqueToA,
    unique_to_b: suggestion.uniqueToB,
    status: suggestion.status,
    dismissed_reason: suggestion.dismissedReason,
    created_at: suggestion.createdAt.toISOString(),
  };
}

export function mergePreviewToDto({ suggestion, impact, violations }: MergePreview): MergePreviewDto {
  return {
    suggestion_id: suggestion.id,
    role_a_id: suggestion.roleAId,
    role_b_id: suggestion.roleBId,
    entitlement_count: impact.entitlementCount,
    member_count: impact.memberCount,
    affected_user_count: impact.affectedUserCount,
    access_gained: impact.accessGained.map(({ userId, entitlementIds }) => ({
      user_id: userId,
      entitlement_ids: entitlementIds,
    })),
    access_gained_total: impact.accessGainedTotal,
    sod_violations: violations.map(violationToDto),
    impact_hash: impact.hash,
  };
}

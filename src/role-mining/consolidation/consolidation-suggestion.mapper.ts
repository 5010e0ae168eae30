import type { ConsolidationSuggestion } from './consolidation-suggestion.entity.js';
import type { ConsolidationSuggestionDto } from './dto/consolidation-suggestion.dto.js';

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

import { decisionToDto } from '../candidates/candidate.mapper.js';
import type { ComparedRoleCandidate, ComparisonItem } from './comparison.service.js';
import type { ComparedCandidateDto, ComparisonItemDto } from './dto/comparison.dto.js';

export function comparisonItemToDto({
  change,
  similarity,
  current,
  earlier,
  decision,
}: ComparisonItem): ComparisonItemDto {
  return {
    change,
    similarity,
    candidate: current && candidateToDto(current),
    earlier_candidate: earlier && candidateToDto(earlier),
    added_entitlements: without(current, earlier),
    removed_entitlements: without(earlier, current),
    decision: decision && decisionToDto(decision),
  };
}

function candidateToDto(candidate: ComparedRoleCandidate): ComparedCandidateDto {
  return {
    id: candidate.id,
    proposed_name: candidate.proposedName,
    member_count: candidate.memberCount,
    promotion_status: candidate.promotionStatus,
  };
}

function without(candidate: ComparedRoleCandidate | null, other: ComparedRoleCandidate | null): string[] {
  const others = new Set(other?.entitlementIds);
  return (candidate?.entitlementIds ?? []).filter((id) => !others.has(id)).sort();
}

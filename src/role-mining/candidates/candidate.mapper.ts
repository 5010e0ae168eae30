import type { RoleCandidateDto } from './dto/candidate.dto.js';
import type { CandidateExplanationDto } from './dto/candidate-explanation.dto.js';
import type { RoleCandidate } from './candidate.entity.js';
import type { CandidateExplanation } from './candidate-explanation.js';

/** @param userIds the first members, as many as are shown */
export function candidateToDto(candidate: RoleCandidate, userIds: string[]): RoleCandidateDto {
  return {
    id: candidate.id,
    job_id: candidate.jobId,
    proposed_name: candidate.proposedName,
    confidence_score: candidate.confidenceScore,
    member_count: candidate.memberCount,
    assigned_member_count: candidate.assignedMemberCount,
    existing_role_id: candidate.existingRoleId,
    entitlement_ids: candidate.entitlementIds,
    user_ids: userIds,
    user_ids_truncated: userIds.length < candidate.memberCount,
    promotion_status: candidate.promotionStatus,
    promoted_role_id: candidate.promotedRoleId,
    dismissed_reason: candidate.dismissedReason,
    explanation: explanationToDto(candidate.explanation),
    created_at: candidate.createdAt.toISOString(),
  };
}

function explanationToDto(explanation: CandidateExplanation): CandidateExplanationDto {
  const rule = explanation.attributeRule;
  return {
    assignments_covered: explanation.assignmentsCovered,
    new_assignments_covered: explanation.newAssignmentsCovered,
    complexity_change: explanation.complexityChange,
    near_misses: explanation.nearMisses.map((miss) => ({
      entitlement_id: miss.entitlementId,
      user_count: miss.userCount,
    })),
    users_lacking_two: explanation.usersLackingTwo,
    attribute_rule: rule && {
      conditions: rule.conditions.map(({ attribute, value }) => ({ attribute, value })),
      precision: rule.precision,
      recall: rule.recall,
      f1: rule.f1,
      matching_users: rule.matchingUsers,
      matching_members: rule.matchingMembers,
    },
  };
}

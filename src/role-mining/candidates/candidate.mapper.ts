import { violationToDto } from '../sod/sod-violation.js';
import type { Promotion } from './candidate-decisions.service.js';
import type { StoredDecision } from './candidate-decisions.store.js';
import type { Membership } from './candidate-members.service.js';
import type { CandidateView } from './candidates.service.js';
import type { CandidateDecisionDto } from './dto/candidate-decision.dto.js';
import type { RoleCandidateDto } from './dto/candidate.dto.js';
import type { CandidateMemberDto } from './dto/candidate-member.dto.js';
import type { CandidateExplanationDto } from './dto/candidate-explanation.dto.js';
import type { PromotionDto } from './dto/promoted-candidate.dto.js';
import type { CandidateExplanation } from './candidate-explanation.js';

export function candidateToDto({ candidate, userIds, violations, decidedBefore }: CandidateView): RoleCandidateDto {
  const own = candidate.ownEntitlementIds ?? candidate.entitlementIds;
  const isOwn = new Set(own);
  return {
    id: candidate.id,
    job_id: candidate.jobId,
    proposed_name: candidate.proposedName,
    confidence_score: candidate.confidenceScore,
    member_count: candidate.memberCount,
    assigned_member_count: candidate.assignedMemberCount,
    existing_role_id: candidate.existingRoleId,
    entitlement_ids: candidate.entitlementIds,
    own_entitlement_ids: own,
    inherited_entitlement_ids: candidate.entitlementIds.filter((id) => !isOwn.has(id)),
    junior_candidate_ids: candidate.juniorCandidateIds,
    junior_role_ids: candidate.juniorRoleIds,
    user_ids: userIds,
    user_ids_truncated: userIds.length < candidate.memberCount,
    promotion_status: candidate.promotionStatus,
    promoted_role_id: candidate.promotedRoleId,
    dismissed_reason: candidate.dismissedReason,
    sod_violations: violations.map(violationToDto),
    decided_before: decidedBefore && decisionToDto(decidedBefore),
    explanation: explanationToDto(candidate.explanation),
    created_at: candidate.createdAt.toISOString(),
  };
}

export function membershipToDto(membership: Membership): CandidateMemberDto {
  return {
    candidate_id: membership.candidateId,
    proposed_name: membership.proposedName,
    user_id: membership.userId,
    is_assigned: membership.isAssigned,
  };
}

export function promotionToDto(promotion: Promotion): PromotionDto {
  return {
    role_id: promotion.roleId,
    junior_role_ids: [...promotion.juniorRoleIds],
    promoted_junior_candidate_ids: [...promotion.promotedJuniorIds],
    assigned_member_count: promotion.assignedMemberCount,
    left_out_member_count: promotion.leftOutMemberCount,
    removed_assignment_count: promotion.removedAssignmentCount,
    changed_access_count: promotion.changedAccessCount,
    overridden_violations: promotion.violations.map(violationToDto),
  };
}

export function decisionToDto(decision: StoredDecision): CandidateDecisionDto {
  return {
    decision: decision.decision,
    reason: decision.reason,
    role_id: decision.roleId,
    candidate_id: decision.candidateId,
    job_id: decision.jobId,
    decided_by: decision.decidedBy,
    decided_at: decision.decidedAt.toISOString(),
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

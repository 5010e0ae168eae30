import type { CsvTable } from '../../exports/csv.js';
import type { RoleCandidateDto } from './dto/candidate.dto.js';

/** Without the members, who have an export of their own. */
export const CANDIDATE_CSV: CsvTable<RoleCandidateDto> = {
  references: (candidate) => ({
    entitlements: candidate.entitlement_ids,
    roles: [candidate.existing_role_id, candidate.promoted_role_id],
  }),
  columns: {
    id: (candidate) => candidate.id,
    proposed_name: (candidate) => candidate.proposed_name,
    promotion_status: (candidate) => candidate.promotion_status,
    confidence_score: (candidate) => candidate.confidence_score,
    member_count: (candidate) => candidate.member_count,
    assigned_member_count: (candidate) => candidate.assigned_member_count,
    entitlement_count: (candidate) => candidate.entitlement_ids.length,
    entitlements: (candidate, names) => names.entitlements(candidate.entitlement_ids),
    existing_role: (candidate, names) => names.role(candidate.existing_role_id),
    promoted_role: (candidate, names) => names.role(candidate.promoted_role_id),
    dismissed_reason: (candidate) => candidate.dismissed_reason,
    decided_before: (candidate) => candidate.decided_before?.decision ?? null,
    sod_violations: (candidate) => candidate.sod_violations.map((violation) => violation.rule_name),
    assignments_covered: ({ explanation }) => explanation.assignments_covered,
    new_assignments_covered: ({ explanation }) => explanation.new_assignments_covered,
    complexity_change: ({ explanation }) => explanation.complexity_change,
    users_lacking_one: ({ explanation }) =>
      explanation.near_misses.reduce((total, { user_count }) => total + user_count, 0),
    users_lacking_two: ({ explanation }) => explanation.users_lacking_two,
    attribute_rule: ({ explanation: { attribute_rule: rule } }) =>
      rule && rule.conditions.map(({ attribute, value }) => `${attribute}=${value}`),
    attribute_rule_precision: ({ explanation }) => explanation.attribute_rule?.precision ?? null,
    attribute_rule_recall: ({ explanation }) => explanation.attribute_rule?.recall ?? null,
    existing_role_id: (candidate) => candidate.existing_role_id,
    promoted_role_id: (candidate) => candidate.promoted_role_id,
    entitlement_ids: (candidate) => candidate.entitlement_ids,
    job_id: (candidate) => candidate.job_id,
    created_at: (candidate) => candidate.created_at,
  },
};

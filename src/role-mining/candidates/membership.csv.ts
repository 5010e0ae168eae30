import type { CsvTable } from '../../exports/csv.js';
import type { CandidateMemberDto } from './dto/candidate-member.dto.js';

export const MEMBERSHIP_CSV: CsvTable<CandidateMemberDto> = {
  references: (membership) => ({ users: [membership.user_id] }),
  columns: {
    proposed_name: (membership) => membership.proposed_name,
    user: (membership, names) => names.user(membership.user_id),
    is_assigned: (membership) => membership.is_assigned,
    candidate_id: (membership) => membership.candidate_id,
    user_id: (membership) => membership.user_id,
  },
};

import type { CsvTable } from '../../exports/csv.js';
import type { ConsolidationSuggestionDto } from './dto/consolidation-suggestion.dto.js';

export const SUGGESTION_CSV: CsvTable<ConsolidationSuggestionDto> = {
  references: (suggestion) => ({
    roles: [suggestion.role_a_id, suggestion.role_b_id],
    entitlements: [...suggestion.shared_entitlements, ...suggestion.unique_to_a, ...suggestion.unique_to_b],
  }),
  columns: {
    id: (suggestion) => suggestion.id,
    role_a: (suggestion, names) => names.role(suggestion.role_a_id),
    role_b: (suggestion, names) => names.role(suggestion.role_b_id),
    overlap_percent: (suggestion) => suggestion.overlap_percent,
    containment_percent: (suggestion) => suggestion.containment_percent,
    member_overlap_percent: (suggestion) => suggestion.member_overlap_percent,
    shared_entitlements: (suggestion, names) => names.entitlements(suggestion.shared_entitlements),
    unique_to_a: (suggestion, names) => names.entitlements(suggestion.unique_to_a),
    unique_to_b: (suggestion, names) => names.entitlements(suggestion.unique_to_b),
    status: (suggestion) => suggestion.status,
    dismissed_reason: (suggestion) => suggestion.dismissed_reason,
    role_a_id: (suggestion) => suggestion.role_a_id,
    role_b_id: (suggestion) => suggestion.role_b_id,
    job_id: (suggestion) => suggestion.job_id,
    created_at: (suggestion) => suggestion.created_at,
  },
};

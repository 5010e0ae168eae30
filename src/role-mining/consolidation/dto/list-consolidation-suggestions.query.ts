import { EnumQuery, NumberQuery } from '../../../common/validation/query-parameters.js';
import { ExportQuery } from '../../../exports/export.query.js';
import { SUGGESTION_STATUSES, type SuggestionStatus } from '../suggestion-status.js';

export class ListConsolidationSuggestionsQuery extends ExportQuery {
  /** Only suggestions in this state. */
  @EnumQuery('ConsolidationSuggestionStatus', SUGGESTION_STATUSES)
  status?: SuggestionStatus;

  /** Overlap in percent, at least. */
  @NumberQuery({ minimum: 0, maximum: 100 })
  min_overlap?: number;
}

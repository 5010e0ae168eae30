import { IntegerQuery } from '../../../common/validation/query-parameters.js';
import { ExportQuery } from '../../../exports/export.query.js';

export class ListPatternsQuery extends ExportQuery {
  /** Users whose access contains the pattern, at least. */
  @IntegerQuery({ minimum: 0, maximum: 2 ** 31 - 1 })
  min_frequency?: number;
}

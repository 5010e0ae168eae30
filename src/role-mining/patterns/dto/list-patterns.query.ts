import { PageQuery } from '../../../common/paging/page.query.js';
import { IntegerQuery } from '../../../common/validation/query-parameters.js';

export class ListPatternsQuery extends PageQuery {
  /** Users whose access contains the pattern, at least. */
  @IntegerQuery({ minimum: 0, maximum: 2 ** 31 - 1 })
  min_frequency?: number;
}

import { PageQuery } from '../common/paging/page.query.js';
import { EnumQuery } from '../common/validation/query-parameters.js';
import { LIST_FORMATS, type ListFormat } from './export-format.js';

/** What every list takes that can be exported. */
export class ExportQuery extends PageQuery {
  /**
   * `json` is a page. `csv` and `ndjson` are the whole list as a file, or the part of it that `limit` (any number then)
   * and `offset` name. Wins over the `Accept` header, which asks for the same with `text/csv` and `application/x-ndjson`.
   */
  @EnumQuery('ListFormat', LIST_FORMATS)
  format?: ListFormat;
}

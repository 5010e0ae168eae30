import { IntegerQuery } from '../validation/query-parameters.js';

export const MAX_PAGE_SIZE = 100;
export const MAX_OFFSET = 2 ** 31 - 1;

/** What every list takes. */
export class PageQuery {
  /** How many items to return; above 100 the answer has 100. */
  @IntegerQuery({ minimum: 1, clampTo: MAX_PAGE_SIZE, default: 50 })
  limit = 50;

  /** How many items to skip. */
  @IntegerQuery({ minimum: 0, maximum: MAX_OFFSET, default: 0 })
  offset = 0;
}

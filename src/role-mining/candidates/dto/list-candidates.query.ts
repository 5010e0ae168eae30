import { EnumQuery, IntegerQuery, NumberQuery } from '../../../common/validation/query-parameters.js';
import { ExportQuery } from '../../../exports/export.query.js';
import { PROMOTION_STATUSES, type PromotionStatus } from '../promotion-status.js';

export class ListCandidatesQuery extends ExportQuery {
  /** Only candidates in this state. */
  @EnumQuery('PromotionStatus', PROMOTION_STATUSES)
  promotion_status?: PromotionStatus;

  /** Another name for `promotion_status`; when both are given a candidate has to match both. */
  @EnumQuery('PromotionStatus', PROMOTION_STATUSES)
  status?: PromotionStatus;

  /** Confidence score, at least. */
  @NumberQuery({ minimum: 0, maximum: 1 })
  min_confidence?: number;

  /** Number of members, at least. */
  @IntegerQuery({ minimum: 0, maximum: 2 ** 31 - 1 })
  min_members?: number;
}

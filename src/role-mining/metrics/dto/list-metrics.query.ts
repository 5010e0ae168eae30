import { PageQuery } from '../../../common/paging/page.query.js';
import { EnumQuery, NumberQuery } from '../../../common/validation/query-parameters.js';
import { TREND_DIRECTIONS, type TrendDirection } from '../role-metric.entity.js';

export class ListMetricsQuery extends PageQuery {
  /** Only roles with this trend. */
  @EnumQuery('TrendDirection', TREND_DIRECTIONS)
  trend_direction?: TrendDirection;

  /** Utilisation, at least. */
  @NumberQuery({ minimum: 0, maximum: 1 })
  min_utilization?: number;

  /** Utilisation, at most. */
  @NumberQuery({ minimum: 0, maximum: 1 })
  max_utilization?: number;
}

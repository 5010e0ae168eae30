import { EnumQuery, NumberQuery } from '../../../common/validation/query-parameters.js';
import { UuidQuery } from '../../../common/validation/uuid.js';
import { ExportQuery } from '../../../exports/export.query.js';
import { SUSPICION_KINDS, type SuspicionKind } from '../suspected-grant.entity.js';

export class ListSuspectedGrantsQuery extends ExportQuery {
  /** Only grants that are suspected to be missing, or only such that are suspected to be too many. */
  @EnumQuery('SuspicionKind', SUSPICION_KINDS)
  kind?: SuspicionKind;

  /** Only suspicions about this user. */
  @UuidQuery()
  user_id?: string;

  /** Only suspicions about this entitlement. */
  @UuidQuery()
  entitlement_id?: string;

  /** Score, at least. */
  @NumberQuery({ minimum: 0 })
  min_score?: number;
}

import { PageQuery } from '../../../common/paging/page.query.js';
import { TextQuery } from '../../../common/validation/query-parameters.js';
import { UuidListQuery } from '../../../common/validation/uuid.js';

/** What every look-up takes. */
export class LookUpQuery extends PageQuery {
  /** Only these; unknown ones are left out. Up to 100, separated by commas. */
  @UuidListQuery()
  ids?: string[];

  /** Only what has this in its name or external id, in upper or lower case. */
  @TextQuery({ maxLength: 255 })
  search?: string;
}

export class EntitlementLookUpQuery extends LookUpQuery {
  /** Only entitlements of this application. */
  @TextQuery({ maxLength: 500 })
  application?: string;
}

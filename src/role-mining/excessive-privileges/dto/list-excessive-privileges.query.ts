import { PageQuery } from '../../../common/paging/page.query.js';
import { EnumQuery } from '../../../common/validation/query-parameters.js';
import { UuidQuery } from '../../../common/validation/uuid.js';
import { PRIVILEGE_STATUSES, type PrivilegeStatus } from '../privilege-status.js';

export class ListExcessivePrivilegesQuery extends PageQuery {
  /** Only flags in this state. */
  @EnumQuery('ExcessivePrivilegeStatus', PRIVILEGE_STATUSES)
  status?: PrivilegeStatus;

  /** Only the flag of this user. */
  @UuidQuery()
  user_id?: string;
}

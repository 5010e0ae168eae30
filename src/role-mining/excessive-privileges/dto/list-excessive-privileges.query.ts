import { EnumQuery } from '../../../common/validation/query-parameters.js';
import { UuidQuery } from '../../../common/validation/uuid.js';
import { ExportQuery } from '../../../exports/export.query.js';
import { PRIVILEGE_STATUSES, type PrivilegeStatus } from '../privilege-status.js';

export class ListExcessivePrivilegesQuery extends ExportQuery {
  /** Only flags in this state. */
  @EnumQuery('ExcessivePrivilegeStatus', PRIVILEGE_STATUSES)
  status?: PrivilegeStatus;

  /** Only the flag of this user. */
  @UuidQuery()
  user_id?: string;
}

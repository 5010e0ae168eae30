import { PageQuery } from '../../../common/paging/page.query.js';
import { EnumQuery } from '../../../common/validation/query-parameters.js';
import { MINING_JOB_STATUSES, type MiningJobStatus } from '../job-status.js';

export class ListMiningJobsQuery extends PageQuery {
  /** Only jobs in this state. */
  @EnumQuery('MiningJobStatus', MINING_JOB_STATUSES)
  status?: MiningJobStatus;
}

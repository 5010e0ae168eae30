import { PageQuery } from '../../../common/paging/page.query.js';
import { EnumQuery } from '../../../common/validation/query-parameters.js';
import { RequiredUuidQuery } from '../../../common/validation/uuid.js';
import { CANDIDATE_CHANGES, type CandidateChange } from '../compare-candidates.js';

export class ComparisonQuery extends PageQuery {
  /** The earlier job that is compared with. */
  @RequiredUuidQuery()
  with!: string;

  /** Only candidates with which this has happened. */
  @EnumQuery('CandidateChange', CANDIDATE_CHANGES)
  change?: CandidateChange;
}

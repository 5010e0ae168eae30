import type { MessagePort } from 'node:worker_threads';
import type { AccessSnapshot } from '../../access-graph/snapshot/access-snapshot.js';
import type { MiningReport } from '../../report/mining-report.js';
import type { MiningJobSummary } from '../jobs/job-summary.js';
import type { MiningJob } from '../jobs/job.entity.js';
import type { JobResults } from './report-results.js';

/** What the report of a completed job is made of; copied to a thread, but for the lists of the snapshot, which are shared. */
export interface ReportTask {
  readonly page: Omit<MiningReport, 'state'>;
  readonly job: MiningJob;
  readonly summary: MiningJobSummary;
  readonly results: JobResults;
  readonly snapshot: AccessSnapshot;
}

/** `port` takes the ids of those whom the report names, and gives their names. */
export type ThreadTask = ReportTask & { readonly port: MessagePort };

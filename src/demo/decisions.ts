import type { MiningJobDto } from '../role-mining/jobs/dto/job.dto.js';
import type { Api } from './api.js';
import { printAuditTrail } from './audit-trail.js';
import { printComparison } from './comparison.js';
import { runMiningJob } from './mining-run.js';
import { promoteCandidate } from './promotion.js';
import { dismissCandidate, mergeRoles, reviewFlag } from './review.js';
import { printRoleMetrics } from './role-metrics.js';

/**
 * Shows what an administrator does with the results of a job, and what comes of it. Takes whatever is pending: in a tenant
 * where the demo has run before, roles made then are still there.
 */
export async function decide(api: Api, job: MiningJobDto, signal: AbortSignal): Promise<void> {
  console.log('\nAn administrator decides.');
  await promoteCandidate(api, job);
  await dismissCandidate(api, job);
  await reviewFlag(api, job);
  await mergeRoles(api, job);
  await printRoleMetrics(api);
  console.log('');
  await printComparison(api, job, await runMiningJob(api, signal));
  await printAuditTrail(api);
}

import { expect } from '@jest/globals';
import type { Observer } from './observer.js';
import { runNewJob, type Tenant } from './stage.js';
import { until } from './until.js';

/** The fingerprint of the results that a job of the tenant has when nothing disturbs it. */
export async function undisturbedRun(
  api: { readonly url: string },
  tenant: Tenant,
  observer: Observer,
): Promise<string> {
  const jobId = await runNewJob(api, tenant);
  await until('the undisturbed run', () => observer.allCompleted([jobId]));
  return observer.fingerprint(jobId);
}

/** Waits until the jobs have completed: each once, and with the results of the undisturbed run. */
export async function expectUndisturbed(
  observer: Observer,
  jobIds: readonly string[],
  fingerprint: string,
): Promise<void> {
  await until('the jobs to complete', () => observer.allCompleted(jobIds));
  for (const jobId of jobIds) {
    expect(await observer.fingerprint(jobId)).toBe(fingerprint);
    expect(await observer.completions(jobId)).toBe(1);
  }
}

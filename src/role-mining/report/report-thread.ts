import { once } from 'node:events';
import { move } from 'piscina';
import { renderReport } from '../../report/render-report.js';
import type { ThreadTask } from './report-task.js';
import { RunOfJob } from './run-of-job.js';

/** Runs in a thread of `ReportThreads`. */
export async function writeReport({ port, page, ...made }: ThreadTask): Promise<Uint8Array<ArrayBuffer>> {
  const run = new RunOfJob(made.job, made.summary, made.results, made.snapshot);
  port.postMessage(run.namedUsers);
  const [names] = (await once(port, 'message')) as [ReadonlyMap<string, string>];
  const html = renderReport({ ...page, state: { kind: 'completed', run: run.describe(names) } });
  // Moved, not copied.
  return move(new TextEncoder().encode(html)) as unknown as Uint8Array<ArrayBuffer>;
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINING_JOB_QUEUE } from '../../../src/database/job-queues.js';
import { TenantTransaction } from '../../../src/database/tenant-transaction.js';
import { QueueConnection } from '../../../src/queue/queue-connection.js';
import { JobQueue, type QueuedJob } from '../../../src/role-mining/jobs/job-queue.js';
import { startTestService, type TestService } from '../../support/test-service.js';

// The real queue, and no worker: the spec takes the jobs, as a worker does.
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
  await provided(QueueConnection).started;
});
afterAll(async () => service[Symbol.asyncDispose]());

const provided = <T>(token: abstract new (...args: never[]) => T): T => service.app.get<T>(token, { strict: false });

async function enqueue(tenantId: string, count: number): Promise<string[]> {
  return provided(TenantTransaction).run(tenantId, async (manager) => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const jobId = randomUUID();
      await provided(JobQueue).enqueue({ tenantId, jobId }, manager);
      ids.push(jobId);
    }
    return ids;
  });
}

async function take(): Promise<QueuedJob> {
  const [job] = await provided(QueueConnection).boss.fetch<QueuedJob>(MINING_JOB_QUEUE);
  return job.data;
}

describe('a tenant with a thousand jobs in the queue', () => {
  const RUNNING = 2;
  const [busy, other] = [randomUUID(), randomUUID()];
  let waiting: string[];

  beforeAll(async () => {
    waiting = await enqueue(busy, 1_000);
    for (let n = 0; n < RUNNING; n++) expect((await take()).tenantId).toBe(busy);
  });

  it('holds back the one job of another tenant by no more than what is running', async () => {
    const [job] = await enqueue(other, 1);
    const places = await provided(TenantTransaction).run(other, (manager) =>
      provided(JobQueue).waiting([job, waiting[RUNNING]], manager),
    );
    expect(places.get(job)).toMatchObject({ position: 1 });
    expect(places.get(waiting[RUNNING])).toMatchObject({ position: 2 });
    expect(await take()).toEqual({ tenantId: other, jobId: job });
  });

  it('takes turns with another one that has several, and is not held back by it either', async () => {
    await enqueue(other, 5);
    const turns: string[] = [];
    for (let n = 0; n < 8; n++) turns.push((await take()).tenantId);
    const lead = turns.map(
      (_, last) => turns.slice(0, last + 1).filter((tenant) => tenant === busy).length * 2 - last - 1,
    );
    expect(Math.max(...lead.map(Math.abs))).toBeLessThanOrEqual(1);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsServer } from '../../src/process-metrics/metrics.server.js';
import { startTestService, eventually, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

/** Value of a sample, such as `name{label="x"}`; undefined when it is not there. */
function sample(metrics: string, name: string): number | undefined {
  const line = metrics.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

async function scrape(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return response.text();
}

async function run(service: TestService, token: string): Promise<string> {
  const { body } = await service.call('POST', JOBS, { token, json: { name: 'Counted' } });
  await service.call('POST', `${JOBS}/${body.id as string}/run`, { token });
  return body.id as string;
}

describe('without a worker', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ PROCESS_ROLE: 'api' });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  it('a job says that nobody will run it, and the metrics show it waiting', async () => {
    const token = service.token();
    const id = await run(service, token);
    const { body } = await service.call('GET', `${JOBS}/${id}`, { token });
    expect(body).toMatchObject({ status: 'running', queue_position: 1, waiting_reason: 'no_worker' });

    const metrics = await scrape(`${service.url}/metrics`);
    expect(sample(metrics, 'role_mining_queue_waiting_jobs')).toBe(1);
    expect(sample(metrics, 'role_mining_queue_active_jobs')).toBe(0);
    expect(sample(metrics, 'role_mining_queue_oldest_wait_seconds')).toBeGreaterThan(0);
    expect(sample(metrics, 'role_mining_workers')).toBe(0);
  });

  it('the metrics count requests by route and status, connections by state, and name no tenant', async () => {
    const tenant = randomUUID();
    await service.call('GET', JOBS, { token: service.token({ tenant }) });
    const metrics = await scrape(`${service.url}/metrics`);
    const requests = `http_request_duration_seconds_count{method="GET",route="${JOBS}",status="200"}`;
    expect(sample(metrics, requests)).toBeGreaterThanOrEqual(1);
    expect(sample(metrics, 'database_pool_connections{state="waiting"}')).toBe(0);
    expect(sample(metrics, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(metrics).not.toContain(tenant);
  });
});

describe('with a worker and a port for the metrics', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ METRICS_PORT: '0' });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  it('are there and no longer beside the API; they count the run and its phases', async () => {
    const token = service.token();
    const id = await run(service, token);
    await eventually(
      () => service.call('GET', `${JOBS}/${id}`, { token }),
      ({ body }) => body.status === 'completed',
    );
    const { port } = service.app.get(MetricsServer, { strict: false }).address;
    const url = `http://127.0.0.1:${port}/metrics`;
    const metrics = await eventually(
      () => scrape(url),
      (text) => sample(text, 'role_mining_workers') === 1,
    );
    expect(sample(metrics, 'role_mining_runs_total{outcome="completed"}')).toBe(1);
    expect(sample(metrics, 'role_mining_phase_duration_seconds_count{phase="save"}')).toBe(1);
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
  });
});

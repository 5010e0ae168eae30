import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/demo/service-process.js';
import { openStream } from '../support/open-stream.js';
import { hasPrometheus, type Prometheus, PROMETHEUS_FILES, startPrometheus } from '../support/prometheus.js';
import { assignmentsCsv, importGraph, names } from '../support/seed-graph.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually, signToken } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';
const DASHBOARD = join(import.meta.dirname, '../../deploy/grafana/role-mining.json');

const withPrometheus = hasPrometheus() ? describe : describe.skip;
if (!hasPrometheus()) {
  process.stdout.write(
    'Skipped: test/e2e/prometheus.e2e-spec.ts needs prometheus and promtool, which are not installed\n',
  );
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly datasource?: { readonly uid: string } }[];
}

/** The dashboard's queries, each with its panel's title. */
async function dashboardQueries(): Promise<[title: string, expression: string][]> {
  const dashboard = JSON.parse(await readFile(DASHBOARD, 'utf8')) as {
    panels: Panel[];
    templating: { list: { name: string }[] };
  };
  // Its one variable names the source of the data and stands in no query.
  expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource']);
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr] as [string, string]),
  );
}

withPrometheus('the files for Prometheus', () => {
  it.each([
    ['check', 'config', 'prometheus.yaml'],
    ['check', 'rules', 'alerts.yaml'],
    ['test', 'rules', 'alerts.test.yaml'],
  ])('pass promtool %s %s %s', (...args) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: PROMETHEUS_FILES, encoding: 'utf8' });
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  });
});

withPrometheus('a Prometheus that scrapes an API and a worker', () => {
  let database: TestDatabase;
  let api: ServiceProcess;
  let worker: ServiceProcess;
  let prometheus: Prometheus;
  const token = signToken();

  beforeAll(async () => {
    database = await createTestDatabase();
    const ports = [await freePort('127.0.0.1', 0), await freePort('127.0.0.1', 0)];
    [api, worker] = await Promise.all(
      (['api', 'worker'] as const).map((role, at) =>
        startServiceProcess(database.url, { PROCESS_ROLE: role, METRICS_PORT: String(ports[at]) }),
      ),
    );
    prometheus = await startPrometheus(ports.map((port) => `127.0.0.1:${port}`));
    // Rates need a sample from before.
    await eventually(
      () => prometheus.query('role_mining_workers'),
      (series) => series.length === 2,
    );
    await importGraph(api, token, {
      assignments: assignmentsCsv([
        { users: names('finance', 12), entitlements: ['book', 'pay', 'close'] },
        { users: names('sales', 12), entitlements: ['quote', 'sell', 'call'] },
      ]),
    });
    await runJob();
  }, 60_000);

  afterAll(async () => {
    await prometheus[Symbol.asyncDispose]();
    await Promise.all([api.stop(), worker.stop()]);
    await database.dispose();
  });

  /** Follows the job to its end, in a stream that lasts as long. */
  async function runJob(): Promise<void> {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const post = (path: string, body: object): Promise<Response> =>
      fetch(api.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const { id } = (await (await post(JOBS, { name: 'Scraped' })).json()) as { id: string };
    const stream = await openStream(api, `${JOBS}/${id}/events`, headers);
    await fetch(`${api.url}${JOBS}/${id}/run`, { method: 'POST', headers: { Authorization: headers.Authorization } });
    expect((await stream.rest()).at(-1)).toMatchObject({ data: { status: 'completed' } });
  }

  it('answers every query of the dashboard with numbers', async () => {
    const queries = await dashboardQueries();
    expect(queries.length).toBeGreaterThan(15);
    const withoutNumbers = async (): Promise<string[]> => {
      // A series begins with a route's first request: only those after it are a rate.
      await fetch(api.url + JOBS, { headers: { Authorization: `Bearer ${token}` } });
      const found = await Promise.all(queries.map(([, expression]) => prometheus.query(expression)));
      return queries.flatMap(([title, expression], at) =>
        found[at].some(({ value }) => Number.isFinite(value)) ? [] : [`${title}: ${expression}`],
      );
    };
    expect(await eventually(withoutNumbers, (missing) => missing.length === 0)).toEqual([]);
  });

  it('counts the run, its phases and the requests once each, whoever reports them', async () => {
    const one = async (expression: string): Promise<number> => (await prometheus.query(expression))[0]?.value;
    const runs = await eventually(
      () => one('sum(role_mining_runs_total{outcome="completed"})'),
      (value) => value === 1,
    );
    expect(runs).toBe(1);
    expect(await one('sum(increase(role_mining_runs_total{outcome="completed"}[1h]))')).toBeGreaterThan(0);
    expect(await one('sum(role_mining_phase_duration_seconds_count{phase="mine"})')).toBe(1);
    expect(await one(`sum(http_request_duration_seconds_count{method="POST",route="${JOBS}",status="201"})`)).toBe(1);
    expect(await one('max(role_mining_workers)')).toBe(1);
  });

  it('keeps streams of events, and nothing else, out of the times of requests', async () => {
    const latencies = (await dashboardQueries()).filter(([title]) => title === 'Request time');
    expect(latencies).toHaveLength(3);
    for (const [, expression] of latencies) {
      const [selector] = /http_request_duration_seconds_bucket\{[^}]+\}/.exec(expression)!;
      const routes = (series: { metric: Record<string, string> }[]): Set<string> =>
        new Set(series.map(({ metric }) => metric.route));
      const all = routes(await prometheus.query('http_request_duration_seconds_bucket'));
      const shown = routes(await prometheus.query(selector));
      expect([...all].filter((route) => !shown.has(route))).toEqual([`${JOBS}/:job_id/events`]);
    }
  });

  it('evaluates every alert, and none of them fires', async () => {
    const rules = await eventually(
      () => prometheus.rules(),
      (all) => all.every(({ health, state }) => health !== 'unknown' && state === 'inactive'),
    );
    expect(rules.map(({ name }) => name)).toContain('RoleMiningNoWorker');
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { startServiceProcess } from '../support/service-process.js';
import { createTestDatabase } from '../support/test-database.js';
import { eventually, signToken } from '../support/test-service.js';

interface Span {
  readonly name: string;
  readonly traceId: string;
}

/** A collector that speaks OTLP over HTTP with JSON. */
async function startCollector(): Promise<{ url: string; spans: Span[] } & AsyncDisposable> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    [Symbol.asyncDispose]: () => once(server.close(), 'close').then(() => undefined),
  };
}

it('a trace goes from the request over the queue to the worker and names the log lines of the job', async () => {
  await using database = await createTestDatabase();
  await using collector = await startCollector();
  await using service = await startServiceProcess(database.url, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  const jobs = `${service.url}/governance/role-mining/jobs`;
  const headers = { Authorization: `Bearer ${signToken()}`, 'Content-Type': 'application/json' };
  const created = await fetch(jobs, { method: 'POST', headers, body: JSON.stringify({ name: 'Traced' }) });
  const { id } = (await created.json()) as { id: string };
  expect((await fetch(`${jobs}/${id}/run`, { method: 'POST', headers })).status).toBe(200);

  const named = (name: string): Span | undefined => collector.spans.find((span) => span.name === name);
  const request = 'POST /governance/role-mining/jobs/:job_id/run';
  const work = 'process mining-job';
  await eventually(
    () => Promise.resolve(collector.spans.map((span) => span.name)),
    (names) => names.includes(work) && names.includes(request),
  );
  expect(named(work)?.traceId).toBe(named(request)?.traceId);
  const completed = service.lines.find((line) => String(line.msg).includes(`Job ${id} completed`));
  expect(completed?.trace_id).toBe(named(request)?.traceId);
}, 60_000);

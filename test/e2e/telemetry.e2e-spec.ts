import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { createTestDatabase } from '../support/test-database.js';
import { eventually, signToken, TEST_SECRET } from '../support/test-service.js';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

interface Span {
  readonly name: string;
  readonly traceId: string;
}

/** A collector that speaks OTLP over HTTP with JSON. */
async function startCollector(): Promise<{ url: string; spans: Span[]; close: () => void }> {
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
  return { url: `http://127.0.0.1:${port}`, spans, close: () => server.close() };
}

it('a trace goes from the request over the queue to the worker and names the log lines of the job', async () => {
  const collector = await startCollector();
  const database = await createTestDatabase();
  const service = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      JWT_SECRET: TEST_SECRET,
      PORT: '0',
      LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  });
  const lines: Record<string, unknown>[] = [];
  createInterface(service.stdout).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  try {
    const listening = (line: Record<string, unknown>): string | undefined =>
      /^Listening on (http:\S+)/.exec(String(line.msg))?.[1];
    await eventually(
      () => Promise.resolve(lines),
      (read) => read.some(listening),
    );
    const url = lines.map(listening).find(Boolean)!;
    const jobs = `${url}/governance/role-mining/jobs`;
    const headers = { Authorization: `Bearer ${signToken()}`, 'Content-Type': 'application/json' };
    const created = await fetch(jobs, { method: 'POST', headers, body: JSON.stringify({ name: 'Traced' }) });
    const { id } = (await created.json()) as { id: string };
    expect((await fetch(`${jobs}/${id}/run`, { method: 'POST', headers })).status).toBe(200);

    const named = (name: RegExp): Span[] => collector.spans.filter((span) => name.test(span.name));
    await eventually(
      () => Promise.resolve(collector.spans.map((span) => span.name)),
      (names) => names.includes('process mining-job') && names.some((name) => name.endsWith('/run')),
    );
    const [request] = named(/^POST \/governance\/role-mining\/jobs\/:job_id\/run$/);
    const [work] = named(/^process mining-job$/);
    expect(work.traceId).toBe(request.traceId);
    expect(lines.find((line) => String(line.msg).includes('completed'))?.trace_id).toBe(request.traceId);
  } finally {
    service.kill('SIGTERM');
    await once(service, 'exit');
    collector.close();
    await database.dispose();
  }
}, 60_000);

import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, hasNginx, startNginx } from '../support/nginx.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually, signToken } from '../support/test-service.js';

const JOBS = '/iam/governance/role-mining/jobs';

const behindNginx = hasNginx() ? describe : describe.skip;
if (!hasNginx()) process.stdout.write('Skipped: test/e2e/gateway.e2e-spec.ts needs nginx, which is not installed\n');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

behindNginx('two API processes behind nginx', () => {
  let database: TestDatabase;
  let apis: ServiceProcess[];
  let ports: number[];
  let gateway: Gateway;

  const startApi = (port: number): Promise<ServiceProcess> =>
    startServiceProcess(database.url, {
      PROCESS_ROLE: 'api',
      PORT: String(port),
      TRUST_PROXY: '127.0.0.1',
      PUBLIC_BASE_PATH: '/iam',
    });

  beforeAll(async () => {
    database = await createTestDatabase();
    ports = [await freePort(), await freePort()];
    apis = await Promise.all(ports.map(startApi));
    gateway = await startNginx(await freePort(), ports);
  }, 60_000);

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await Promise.all(apis.map((api) => api.stop()));
    await database.dispose();
  });

  const token = signToken();
  const send = (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(gateway.url + path, {
      ...init,
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...init.headers },
    });
  const createJob = async (init: RequestInit): Promise<string> => {
    const response = await send('POST', JOBS, { ...init, body: JSON.stringify({ name: 'Through the gateway' }) });
    expect(response.status).toBe(201);
    return ((await response.json()) as { id: string }).id;
  };

  it('is published below the prefix, with the caller’s request id in the answer and in the log', async () => {
    const response = await send('GET', JOBS, { headers: { 'X-Request-Id': 'from-the-caller-1' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('X-Request-Id')).toBe('from-the-caller-1');
    const own = (await send('GET', JOBS)).headers.get('X-Request-Id');
    expect(own).toMatch(/^[0-9a-f]{32}$/);

    // A request is logged after its answer.
    await eventually(
      async () => (await gateway.log()).map((line) => line.request_id),
      (ids) => ids.includes('from-the-caller-1') && ids.includes(own!),
    );
    const document = (await (await send('GET', '/iam/openapi.json')).json()) as { servers: { url: string }[] };
    expect(document.servers).toEqual([expect.objectContaining({ url: '/iam' })]);
    expect((await send('GET', '/iam/docs')).status).toBe(200);
  });

  it('passes the tenant’s header on, and its contradiction is refused', async () => {
    const other = '6f1c1f0e-7d0e-4a53-9d43-0a9f8f6d7f10';
    const response = await send('GET', JOBS, { headers: { 'X-Tenant-ID': other } });
    expect(response.status).toBe(403);
  });

  it('keeps the metrics to those who operate the processes', async () => {
    expect((await send('GET', '/iam/metrics')).status).toBe(404);
    expect((await send('GET', '/metrics')).status).toBe(404);
  });

  it('answers a body that is too large as the service does', async () => {
    for (const bytes of [2, 5]) {
      const response = await send('POST', JOBS, { body: JSON.stringify({ name: 'x'.repeat(bytes << 20) }) });
      expect(response.status).toBe(413);
      expect(response.headers.get('Content-Type')).toContain('application/problem+json');
    }
  });

  it('streams a large import through', async () => {
    const lines = Array.from({ length: 400_000 }, (_, at) => `user-${at % 20_000},entitlement-${at % 997}`).join('\n');
    const form = new FormData();
    form.set('assignments', new Blob([`user,entitlement\n${lines}\n`]), 'assignments.csv');
    const response = await fetch(`${gateway.url}/iam/governance/access-graph/imports`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${signToken()}` },
      body: form,
    });
    expect(response.status).toBe(202);
    expect(response.headers.get('Location')).toMatch(/^\/iam\/governance\/access-graph\/imports\//);
  });

  it('restarts both processes in turn without a failed request, and sends no DELETE twice', async () => {
    const before = (await gateway.log()).length;
    let isOver = false;
    const failures: string[] = [];
    // A connection for each request: nginx closes idle ones when it reloads, perhaps just as a client uses one again.
    const oneEach = { headers: { Connection: 'close' } };
    const clients = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const id = await createJob(oneEach);
        const answers = [
          await send('GET', `${JOBS}/${id}`, oneEach),
          await send('POST', `${JOBS}/${id}/run`, oneEach),
          await send('DELETE', `${JOBS}/${id}`, oneEach), // running: cancelled
          await send('GET', `${JOBS}/${id}`, oneEach),
          await send('DELETE', `${JOBS}/${id}`, oneEach), // cancelled: deleted
        ];
        const statuses = answers.map((answer) => answer.status).join(' ');
        if (statuses !== '200 200 204 200 204') failures.push(statuses);
        await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      }
    });
    const restart = async (at: number): Promise<void> => {
      await gateway.use(ports.filter((port) => port !== ports[at]));
      expect(await apis[at].stop()).toBe(0);
      apis[at] = await startApi(ports[at]);
      await gateway.use(ports);
    };
    await restart(0);
    await restart(1);
    isOver = true;
    await Promise.all(clients);

    expect(failures).toEqual([]);
    const log = (await gateway.log()).slice(before);
    const deletes = log.filter((line) => line.method === 'DELETE');
    expect(deletes.length).toBeGreaterThan(20);
    expect(deletes.filter((line) => line.upstream.includes(','))).toEqual([]);
    expect(new Set(log.map((line) => line.upstream)).size).toBe(2);
  }, 60_000);

  it('a process that dies without a word fails no GET; with none alive the answer is 503 and when to come back', async () => {
    apis[0].child.kill('SIGKILL');
    await once(apis[0].child, 'exit');
    for (let count = 0; count < 10; count += 1) expect((await send('GET', JOBS)).status).toBe(200);

    apis[1].child.kill('SIGKILL');
    await once(apis[1].child, 'exit');
    for (const method of ['GET', 'POST', 'DELETE']) {
      const response = await send(method, `${JOBS}${method === 'DELETE' ? `/${crypto.randomUUID()}` : ''}`);
      expect(response.status).toBe(503);
      expect(response.headers.get('Retry-After')).toBe('2');
      expect(response.headers.get('Content-Type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
    }
  });
});

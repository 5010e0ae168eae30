import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, type ItemOf, newIdempotencyKey, ProblemError, type RoleMiningClient } from '#client';
import { assignmentsCsv, names } from '../support/seed-graph.js';
import { startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(async () => service[Symbol.asyncDispose]());

let token: string;
let client: RoleMiningClient;
beforeEach(() => {
  token = service.token();
  client = createClient({ baseUrl: service.url, token });
});

async function importAccess(): Promise<void> {
  const files = new FormData();
  const text = assignmentsCsv([{ users: names('u', 250), entitlements: ['book', 'pay'] }]);
  files.append('assignments', new Blob([text], { type: 'text/csv' }), 'assignments.csv');
  const done = await client.importGraph(files, { wait: 60 });
  expect(done.status).toBe('completed');
}

const rejection = async (answer: Promise<unknown>): Promise<ProblemError> => {
  const error: unknown = await answer.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError;
};

describe('the typed client', () => {
  it('goes the whole way: imports, mines, follows the job, reads and exports what was found', async () => {
    await importAccess();
    const job = await client.post(JOBS, { body: { name: 'Mine', parameters: { min_users: 2 } } });
    expect(job.status).toBe('pending');
    const path = { params: { path: { job_id: job.id } } };
    await client.post(`${JOBS}/{job_id}/run`, path);
    const seen: string[] = [];
    for await (const event of client.followJob(job.id)) seen.push(event.status);
    expect(seen.at(-1)).toBe('completed');
    const { items, total } = await client.get(`${JOBS}/{job_id}/candidates`, {
      params: { ...path.params, query: { min_members: 2, limit: 10 } },
    });
    expect(total).toBe(1);
    const [candidate] = items;
    expect(candidate.member_count).toBe(250);
    const exported = await client.export(`${JOBS}/{job_id}/candidate-members`, 'csv', path);
    expect((await exported.text()).split('\r\n')).toHaveLength(252);
    const dismissed = await client.post('/governance/role-mining/candidates/{candidate_id}/dismiss', {
      params: { path: { candidate_id: candidate.id } },
      body: { reason: 'Enough' },
    });
    expect(dismissed.promotion_status).toBe('dismissed');
    expect(await client.delete(`${JOBS}/{job_id}`, path)).toBeUndefined();
  });

  it('walks through a list of any length', async () => {
    await importAccess();
    const users: ItemOf<'/governance/access-graph/users'>[] = [];
    for await (const user of client.items('/governance/access-graph/users')) users.push(user);
    expect(users.map(({ external_id }) => external_id)).toEqual(names('u', 250).sort());
    const ids = [users[3].id, users[7].id];
    const some: string[] = [];
    for await (const user of client.items('/governance/access-graph/users', { params: { query: { ids } } }))
      some.push(user.id);
    expect(some).toEqual(ids);
  });

  it('throws what the service says, as an error with the problem', async () => {
    const missing = randomUUID();
    const error = await rejection(client.get(`${JOBS}/{job_id}`, { params: { path: { job_id: missing } } }));
    expect(error).toMatchObject({
      name: 'ProblemError',
      message: `There is no mining job ${missing}`,
      status: 404,
      problem: { title: 'Not Found', instance: `${JOBS}/${missing}` },
      requestId: expect.any(String),
    });
    const invalid = await rejection(client.post(JOBS, { body: { name: '' } }));
    expect(invalid.problem.errors).toEqual([{ field: 'name', message: expect.any(String) }]);
  });

  it('makes an error of an answer that is not from the service as well', async () => {
    const gateway = (): Promise<Response> =>
      Promise.resolve(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    const behind = createClient({ baseUrl: service.url, token, retries: 0, fetch: gateway });
    const error = await rejection(behind.get(JOBS, {}));
    expect(error.message).toBe(`GET ${JOBS} was answered 502 Bad Gateway`);
  });

  it('asks for the token before each call', async () => {
    let asked = 0;
    const lazy = createClient({
      baseUrl: service.url,
      token: () => {
        asked += 1;
        return Promise.resolve(token);
      },
    });
    await lazy.get(JOBS, {});
    await lazy.get(JOBS, {});
    expect(asked).toBe(2);
  });
});

describe('a call that is sent again', () => {
  /** Lets through what it gets, and loses the first answers. */
  function losing(count: number): { fetch: (request: Request) => Promise<Response>; sent: () => number } {
    let sent = 0;
    const fetch = async (request: Request): Promise<Response> => {
      sent += 1;
      const response = await globalThis.fetch(request);
      if (sent <= count) throw new TypeError('fetch failed');
      return response;
    };
    return { fetch, sent: () => sent };
  }

  it('has its effect once', async () => {
    const { fetch, sent } = losing(1);
    const job = await createClient({ baseUrl: service.url, token, fetch }).post(JOBS, { body: { name: 'Once' } });
    expect(sent()).toBe(2);
    const { items } = await client.get(JOBS, {});
    expect(items.map(({ id }) => id)).toEqual([job.id]);
  });

  it('has its effect once when the caller repeats it with a key of its own', async () => {
    const headers = { 'Idempotency-Key': newIdempotencyKey() };
    const first = await client.post(JOBS, { body: { name: 'Once' }, headers });
    const second = await client.post(JOBS, { body: { name: 'Once' }, headers });
    expect(second.id).toBe(first.id);
  });

  it('waits for as long as the service asks', async () => {
    const answers = [new Response('', { status: 503, headers: { 'Retry-After': '0' } })];
    const fetch = (request: Request): Promise<Response> => {
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : globalThis.fetch(request);
    };
    const { total } = await createClient({ baseUrl: service.url, token, fetch }).get(JOBS, {});
    expect(total).toBe(0);
  });

  it('is given up in the end', async () => {
    const { fetch, sent } = losing(9);
    await expect(createClient({ baseUrl: service.url, token, fetch, retries: 1 }).get(JOBS, {})).rejects.toThrow(
      'fetch failed',
    );
    expect(sent()).toBe(2);
  });

  it('is not, when it was stopped', async () => {
    const { fetch, sent } = losing(9);
    const stopped = createClient({
      baseUrl: service.url,
      token,
      fetch,
      signal: AbortSignal.abort(new Error('Enough')),
    });
    await expect(stopped.get(JOBS, {})).rejects.toThrow('Enough');
    expect(sent()).toBeLessThan(2);
  });
});

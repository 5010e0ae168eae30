import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { seedResults } from '../../support/seed-results.js';
import { eventually, startTestService, type TestService } from '../../support/test-service.js';

/** About 30 MB of NDJSON: far more than all buffers between a cursor and a client that does not read. */
const MEMBERS = 200_000;
/** A third of the pool, and not less than one. */
const PLACES = 1;

let service: TestService;
let path: string;
let token: string;
afterEach(async () => service[Symbol.asyncDispose]());

async function start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  service = await startTestService({ PROCESS_ROLE: 'api', DATABASE_POOL_SIZE: '3', ...environment });
  const tenant = randomUUID();
  token = service.token({ tenant });
  const results = await seedResults(service, tenant);
  const id = await results.candidate('Everybody', [], []);
  await service.asTenant(
    tenant,
    `UPDATE role_mining_candidate SET member_count = $2, member_ids = (SELECT array_agg(md5(n::text)::uuid)
       FROM generate_series(1, $2) AS n) WHERE id = $1`,
    [id, MEMBERS],
  );
  path = `/governance/role-mining/jobs/${results.jobId}/candidate-members?format=ndjson`;
}

/** An answer of which nothing has been read yet. */
async function begin(): Promise<IncomingMessage> {
  const request = get(service.url + path, { headers: { Authorization: `Bearer ${token}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  // Whoever waits for the end hears of it; nobody else has to.
  response.on('error', () => undefined);
  return response;
}

async function linesIn(response: IncomingMessage): Promise<number> {
  let lines = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) lines += chunk.toString('latin1').split('\n').length - 1;
  return lines;
}

/** Transactions that are open on the service's database, as the server sees them. */
async function openTransactions(statement = 'SELECT pid'): Promise<number> {
  const client = new pg.Client(service.database.superuserUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `${statement} FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'role-mining' AND xact_start IS NOT NULL`,
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

describe('a large export', () => {
  beforeEach(() => start());

  it('arrives whole', async () => {
    expect(await linesIn(await begin())).toBe(MEMBERS);
    expect(await eventually(openTransactions, (open) => open === 0)).toBe(0);
  });

  it('waits for a client that does not read, and takes one of few places: others are asked to come back', async () => {
    const waiting = await begin();
    expect(await openTransactions()).toBe(PLACES);
    const { status, headers, body } = await service.call('GET', path, { token });
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body.detail).toBe('1 export is running, as many as may at once: try again shortly');
    // Pages need no place.
    const page = await service.call('GET', path.replace('ndjson', 'json'), { token });
    expect(page.body.total).toBe(MEMBERS);
    expect(await linesIn(waiting)).toBe(MEMBERS);
  });

  it('ends with the client: connection and place are free again', async () => {
    const response = await begin();
    response.destroy();
    expect(await eventually(openTransactions, (open) => open === 0)).toBe(0);
    expect(await linesIn(await begin())).toBe(MEMBERS);
  });

  it('that fails on the way breaks off, and does not look like a whole one', async () => {
    const response = await begin();
    expect(response.statusCode).toBe(200);
    expect(await openTransactions('SELECT pg_terminate_backend(pid)')).toBe(1);
    await expect(linesIn(response)).rejects.toThrow('aborted');
    // The service goes on.
    expect(await linesIn(await begin())).toBe(MEMBERS);
  });

  it('of what does not exist takes no place', async () => {
    for (let attempt = 0; attempt <= PLACES; attempt++) {
      const { status } = await service.call('GET', path.replace(/jobs\/[^/]+/, `jobs/${randomUUID()}`), { token });
      expect(status).toBe(404);
    }
  });
});

describe('a client that has stopped reading', () => {
  it('loses its export before the database ends the transaction', async () => {
    await start({ DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '1500' });
    const response = await begin();
    expect(await openTransactions()).toBe(1);
    expect(await eventually(openTransactions, (open) => open === 0)).toBe(0);
    await expect(linesIn(response)).rejects.toThrow('aborted');
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually, signToken, TEST_SECRET } from '../support/test-service.js';
import { CompiledService } from './compiled-service.js';

const JOBS = '/governance/role-mining/jobs';
const COOKIE = 'session-cookie-that-nobody-may-see';
const API_KEY = 'api-key-that-nobody-may-see';
const QUERY = 'query-value-that-nobody-may-see';

describe('the log at its most talkative', () => {
  let service: CompiledService;
  const token = signToken();
  const expired = `${token.split('.').slice(0, 2).join('.')}.bad-signature-that-nobody-may-see`;
  beforeAll(async () => {
    service = await CompiledService.start({
      LOG_LEVEL: 'trace',
      PROCESS_ROLE: 'api',
      DATABASE_CONNECT_TIMEOUT_MS: '500',
    });
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  const call = async (method: string, path: string, bearer: string, body?: string): Promise<number> => {
    const response = await fetch(service.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${bearer}`,
        Cookie: `sid=${COOKIE}`,
        'X-API-Key': API_KEY,
        'Content-Type': 'application/json',
      },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  };

  it('holds no token, cookie, key, password or secret, in lines of success, refusal or failure', async () => {
    const statuses = [
      await call('GET', `${JOBS}?limit=1&search=${QUERY}`, token),
      await call('GET', `${JOBS}?access_token=${QUERY}`, expired),
      await call('POST', JOBS, token, '{"name":'),
      await call('GET', `${JOBS}/${randomUUID()}`, token),
      await call('GET', '/nowhere', token),
    ];
    expect(statuses).toEqual([200, 401, 400, 404, 404]);
    await takeDatabaseAway();
    expect(await call('GET', JOBS, token)).toBe(503);
    const { password } = new URL(service.database.url);
    const secrets = {
      token,
      'its signature': token.split('.')[2],
      'its payload': token.split('.')[1],
      'a bad signature': 'bad-signature-that-nobody-may-see',
      cookie: COOKIE,
      'API key': API_KEY,
      query: QUERY,
      'signing secret': TEST_SECRET,
      'database URL': service.database.url,
      'database password': decodeURIComponent(password),
    };
    expect(service.log.split('\n').length).toBeGreaterThan(10);
    expect(service.log).toContain('"statusCode":401');
    // Lines come through a pipe: the last one may be on its way.
    await eventually(
      () => Promise.resolve(service.log),
      (log) => log.includes('"statusCode":503'),
    );
    expect(service.log).toContain('"level":50');
    // Probes come too often to be worth a line.
    expect(service.log).not.toContain('/health/ready"');
    expect(
      Object.entries(secrets)
        .filter(([, secret]) => service.log.includes(secret))
        .map(([name]) => name),
    ).toEqual([]);
  });

  /** Nobody may connect any more, and whoever is connected is thrown out. */
  async function takeDatabaseAway(): Promise<void> {
    const client = new pg.Client(new URL('/postgres', service.database.superuserUrl).toString());
    const name = new URL(service.database.url).pathname.slice(1);
    await client.connect();
    try {
      await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    } finally {
      await client.end();
    }
  }
});

describe('a start that fails', () => {
  it('does not print the password of the database', async () => {
    const url = 'postgresql://app:password-that-nobody-may-see@127.0.0.1:1/none';
    const start = CompiledService.start({ DATABASE_URL: url, LOG_LEVEL: 'trace' });
    const message = await start.then(
      () => 'started',
      (error: Error) => error.message,
    );
    expect(message).toMatch(/^dist\/main\.js did not start/);
    expect(message).not.toContain('password-that-nobody-may-see');
  });
});

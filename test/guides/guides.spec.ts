import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { freePort } from '../../src/demo/service-process.js';
import { signToken, startTestService, TEST_SECRET } from '../support/test-service.js';
import { createTestDatabase } from '../support/test-database.js';

import { isProgram, readGuide } from './guide.js';
import { startOwnServer } from './own-server.js';
import { type Beginning, Reader } from './reader.js';

type Begin = (stack: AsyncDisposableStack) => Promise<Beginning>;

const tenant = '5f0c6a1e-9d3b-4c57-8a41-0e6f3b7d2c90';

/** A service that is there already, and an administrator's token for it. */
const withService =
  (environment: NodeJS.ProcessEnv): Begin =>
  async (stack) => {
    const service = stack.use(await startTestService(environment));
    const [receiver_port, user] = [String(await freePort('127.0.0.1', 0)), randomUUID()];
    const token = signToken({ tenant, user });
    return {
      token,
      names: {
        service: service.url,
        token,
        tenant,
        user,
        receiver_port,
        others_token: signToken({ roles: ['auditor'] }),
      },
      environment: { SERVICE: service.url, TOKEN: token, PORT: receiver_port },
    };
  };

const BEGINNINGS: Readonly<Record<string, Begin>> = {
  administrators: withService({}),
  integrators: withService({ WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true' }),
  extenders: async (stack) => {
    const { url, ownerUrl } = stack.use(await createTestDatabase('empty'));
    const environment = { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, JWT_SECRET: TEST_SECRET, PORT: '0' };
    return { names: {}, environment: { ...environment, LOG_LEVEL: 'warn', MINING_THREADS: '1' } };
  },
  operators: async (stack) => {
    const server = stack.use(await startOwnServer());
    const [port, worker_port] = [String(await freePort('127.0.0.1', 0)), String(await freePort('127.0.0.1', 0))];
    return { names: { postgres: server.address, port, worker_port }, logins: { superuser: () => server.superuserUrl } };
  },
};

describe.each(Object.keys(BEGINNINGS))('the guide for %s', (guide) => {
  const examples = readGuide(`${guide}.md`);
  const stack = new AsyncDisposableStack();
  let reader: Reader;
  beforeAll(async () => {
    reader = stack.use(new Reader(guide, await BEGINNINGS[guide](stack)));
  });
  // Fails when something that was started in the background does not end as it should.
  afterAll(() => stack.disposeAsync());

  if (examples.some(isProgram)) it('has programs that compile', () => reader.compile(examples.filter(isProgram)));

  it('says what is so', async () => {
    for (const example of examples) {
      try {
        await reader.follow(example);
      } catch (error) {
        const where = `docs/guides/${guide}.md:${example.line}`;
        throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
});

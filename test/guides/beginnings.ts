import { randomUUID } from 'node:crypto';
import { freePort } from '../../src/demo/service-process.js';
import { createTestDatabase } from '../support/test-database.js';
import { signToken, startTestService, TEST_SECRET, type TestService } from '../support/test-service.js';
import { ROOT } from './guide.js';
import { startOwnServer } from './own-server.js';
import type { Beginning } from './reader.js';

/** Ends what it needs with the stack. */
type Begin = (stack: AsyncDisposableStack) => Promise<Beginning>;

const unusedPort = async (): Promise<string> => String(await freePort('127.0.0.1', 0));

/** What the readers of each guide have before its first line. */
export const BEGINNINGS = {
  administrators: async (stack) => {
    const { service, token, names } = callerOf(stack.use(await startTestService()));
    return { names: { service, ...names }, token };
  },
  integrators: async (stack) => {
    const caller = callerOf(stack.use(await startTestService({ WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true' })));
    const { service, token, names } = caller;
    const receiver_port = await unusedPort();
    return {
      names: { service, token, receiver_port, ...names },
      environment: { SERVICE: service, TOKEN: token, PORT: receiver_port },
    };
  },
  extenders: async (stack) => {
    const { url, ownerUrl } = stack.use(await createTestDatabase('empty'));
    const environment = { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, JWT_SECRET: TEST_SECRET };
    return { names: {}, environment: { ...environment, LOG_LEVEL: 'warn', MINING_THREADS: '1' } };
  },
  operators: async (stack) => {
    const { address, superuserUrl } = stack.use(await startOwnServer());
    const names = { postgres: address, api_port: await unusedPort(), worker_port: await unusedPort() };
    return { names, superuserUrl, directory: ROOT };
  },
} satisfies Readonly<Record<string, Begin>>;

function callerOf({ url }: TestService): {
  service: string;
  token: string;
  names: { tenant: string; user: string };
} {
  const names = { tenant: randomUUID(), user: randomUUID() };
  return { service: url, token: signToken(names), names };
}

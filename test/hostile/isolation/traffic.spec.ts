import { expect, it } from '@jest/globals';
import { CompiledService } from '../compiled-service.js';
import { runTraffic } from './run-traffic.js';

/** `npm run test:isolation` lets them call for a minute. */
const ANSWERS = 400;

it('two tenants with the same external ids never hear of each other, whatever they ask at the same time', async () => {
  await using service = await CompiledService.start({ RATE_LIMIT_PER_ACTOR: '0', RATE_LIMIT_PER_TENANT: '0' });
  const { faults, answers, trespasses, ids } = await runTraffic(service, { answers: ANSWERS, seed: 7 });
  expect(faults).toEqual([]);
  expect(answers).toBeGreaterThanOrEqual(ANSWERS);
  expect(trespasses).toBeGreaterThan(80);
  expect(ids).toBeGreaterThan(200);
});

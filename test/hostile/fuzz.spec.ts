import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompiledService } from './compiled-service.js';
import { fuzzTable, requestsOf, successShare } from './fuzz/report.js';
import { type FuzzReport, runFuzz } from './fuzz/run-fuzz.js';

/** `npm run test:fuzz` makes 20,000 requests with a new seed. */
const SHORT_RUN = { requests: 450, seed: 20_261 };

describe('requests made from the OpenAPI document', () => {
  let service: CompiledService;
  let report: FuzzReport;
  beforeAll(async () => {
    service = await CompiledService.start({ RATE_LIMIT_PER_ACTOR: '0', RATE_LIMIT_PER_TENANT: '0' });
    report = await runFuzz(service, SHORT_RUN);
  });
  afterAll(async () => service[Symbol.asyncDispose]());

  it('get documented answers that are valid against their schema, and never succeed when they are forbidden', () => {
    expect(report.faults).toEqual([]);
    expect(report.requests).toBe(SHORT_RUN.requests);
    expect(report.forbidden).toBeGreaterThan(30);
  });

  it('reach every route, and most of them succeed', () => {
    const succeeded = report.routes.reduce((sum, route) => sum + requestsOf(route) * successShare(route), 0);
    expect(report.routes.filter((route) => requestsOf(route) < 5)).toEqual([]);
    expect(succeeded / report.requests).toBeGreaterThan(0.4);
    // As many as chance and timing leave out of so few requests a route; the long run demands it of all.
    const without = report.routes.filter((route) => successShare(route) === 0).map(({ route }) => route);
    if (without.length > 4) throw new Error(`${without.join(', ')} never succeeded\n${fuzzTable(report)}`);
  });
});

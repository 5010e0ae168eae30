import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { names } from '../../support/seed-graph.js';
import { type SeededResults, seedResults } from '../../support/seed-results.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';
const tenant = randomUUID();
const entitlement = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);

let service: TestService;
let token: string;
let earlier: SeededResults;
let later: SeededResults;
const ids: Record<string, string> = {};
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
  token = service.token({ tenant });
  earlier = await seedResults(service, tenant);
  later = await seedResults(service, tenant);
  ids.same = await earlier.candidate('Same', ['a', 'b'], names('u', 3));
  ids.old = await earlier.candidate('Old', ['p', 'q', 'r', 's'], names('u', 2));
  ids.gone = await earlier.candidate('Gone', ['x', 'y'], names('u', 2));
  ids.again = await later.candidate('Again', ['b', 'a'], names('u', 4));
  ids.grown = await later.candidate('Grown', ['p', 'q', 'r', 't'], names('u', 2));
  ids.fresh = await later.candidate('Fresh', ['m', 'n'], names('u', 2));
  ids.large = await later.candidate('Large', ['k', 'l'], names('u', 9));
  const dismiss = `${API}/candidates/${ids.same}/dismiss`;
  await service.call('POST', dismiss, { token, json: { reason: 'Temporary' } });
});
afterAll(async () => service[Symbol.asyncDispose]());

const compare = (query = `with=${earlier.jobId}`, job = later.jobId, as = token): Promise<Answer> =>
  service.call('GET', `${API}/jobs/${job}/comparison?${query}`, { token: as });

describe('the comparison of two jobs', () => {
  it('tells what appeared, changed, stayed and vanished, and what was decided', async () => {
    const { status, body } = await compare();
    expect(status).toBe(200);
    const none = { added_entitlements: [], removed_entitlements: [], decision: null };
    const side = (id: string, proposed_name: string, member_count: number, promotion_status = 'pending'): object => ({
      id,
      proposed_name,
      member_count,
      promotion_status,
    });
    expect(body).toEqual({
      counts: { appeared: 2, changed: 1, stayed: 1, vanished: 1 },
      total: 5,
      page: 1,
      page_size: 50,
      items: [
        {
          ...none,
          change: 'appeared',
          similarity: 0,
          candidate: side(ids.large, 'Large', 9),
          earlier_candidate: null,
          added_entitlements: ['k', 'l'].map(entitlement).sort(),
        },
        {
          ...none,
          change: 'appeared',
          similarity: 0,
          candidate: side(ids.fresh, 'Fresh', 2),
          earlier_candidate: null,
          added_entitlements: ['m', 'n'].map(entitlement).sort(),
        },
        {
          ...none,
          change: 'changed',
          similarity: 0.6,
          candidate: side(ids.grown, 'Grown', 2),
          earlier_candidate: side(ids.old, 'Old', 2),
          added_entitlements: [entitlement('t')],
          removed_entitlements: [entitlement('s')],
        },
        {
          ...none,
          change: 'stayed',
          similarity: 1,
          candidate: side(ids.again, 'Again', 4),
          earlier_candidate: side(ids.same, 'Same', 3, 'dismissed'),
          decision: expect.objectContaining({ decision: 'dismissed', reason: 'Temporary', candidate_id: ids.same }),
        },
        {
          ...none,
          change: 'vanished',
          similarity: 0,
          candidate: null,
          earlier_candidate: side(ids.gone, 'Gone', 2),
          removed_entitlements: ['x', 'y'].map(entitlement).sort(),
        },
      ],
    });
  });

  it('can be read in pages and by change', async () => {
    const { body } = await compare(`with=${earlier.jobId.toUpperCase()}&limit=2&offset=2`);
    expect(body).toMatchObject({ total: 5, page: 2, items: [{ change: 'changed' }, { change: 'stayed' }] });
    const vanished = await compare(`with=${earlier.jobId}&change=vanished`);
    expect(vanished.body).toMatchObject({ total: 1, counts: { appeared: 2 }, items: [{ change: 'vanished' }] });
    const itself = await compare(`with=${later.jobId}`);
    expect(itself.body.counts).toEqual({ appeared: 0, changed: 0, stayed: 4, vanished: 0 });
  });

  it('needs another job, in a UUID', async () => {
    for (const query of ['', 'with=', 'with=x', `with=${earlier.jobId}&with=${later.jobId}`]) {
      const { status, body } = await compare(query);
      expect({ query, status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field: 'with' }] });
    }
    expect((await compare(`with=${earlier.jobId}&change=x`)).status).toBe(400);
    expect((await compare(undefined, 'x')).status).toBe(400);
  });

  it('needs both jobs in the tenant, and completed', async () => {
    expect((await compare(`with=${randomUUID()}`)).status).toBe(404);
    expect((await compare(undefined, randomUUID())).status).toBe(404);
    expect((await compare(undefined, undefined, service.token())).status).toBe(404);
    const { body: pending } = await service.call('POST', `${API}/jobs`, { token, json: { name: 'Mine' } });
    expect((await compare(`with=${pending.id as string}`)).status).toBe(409);
    expect((await compare(undefined, pending.id as string)).status).toBe(409);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { importGraph, names } from '../../support/seed-graph.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const RULES = '/governance/role-mining/sod-rules';
const tenant = randomUUID();
const user = randomUUID();
const entitlement = (externalId: string): string => stableUuid(tenant, 'entitlement', externalId);
const many = names('many', 20_000);

let service: TestService;
let token: string;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
  token = service.token({ tenant, user });
  const rows = [...['book', 'pay', 'mail'], ...many].map((id) => `${id},${id}\n`);
  await importGraph(service, token, { entitlements: `entitlement,name\n${rows.join('')}` });
});
afterAll(async () => service[Symbol.asyncDispose]());

const create = (rule: object, as = token): Promise<Answer> => service.call('POST', RULES, { token: as, json: rule });
const rule = (name: string, more: object = {}): object => ({
  name,
  entitlement_ids_a: [entitlement('book')],
  entitlement_ids_b: [entitlement('pay')],
  ...more,
});

describe('a separation-of-duties rule', () => {
  it('is created, read, listed by name and deleted', async () => {
    const pay = entitlement('pay');
    const { status, body } = await create(
      rule('  Zwei 👀 ', {
        description: 'Why\u0007',
        entitlement_ids_b: [pay, pay.toUpperCase(), entitlement('mail')],
      }),
    );
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Zwei 👀',
      description: 'Why\u0007',
      entitlement_ids_a: [entitlement('book')],
      entitlement_ids_b: [pay, entitlement('mail')].sort(),
      created_by: user,
      created_at: expect.any(String),
    });
    const { body: first } = await create(rule('First'));
    const path = `${RULES}/${body.id as string}`;
    expect((await service.call('GET', path, { token })).body).toEqual(body);
    expect((await service.call('GET', RULES, { token })).body).toEqual({
      items: [first, body],
      total: 2,
      page: 1,
      page_size: 50,
    });
    expect((await service.call('GET', `${RULES}?limit=1&offset=1`, { token })).body).toMatchObject({
      items: [body],
      page: 2,
    });
    const stranger = service.token();
    expect((await service.call('GET', path, { token: stranger })).status).toBe(404);
    expect((await service.call('DELETE', path, { token: stranger })).status).toBe(404);
    expect((await service.call('GET', RULES, { token: stranger })).body.total).toBe(0);
    expect((await service.call('DELETE', path, { token })).status).toBe(204);
    expect((await service.call('DELETE', path, { token })).status).toBe(404);
    expect((await service.call('GET', path, { token })).status).toBe(404);
    expect((await service.call('GET', `${RULES}/x`, { token })).status).toBe(400);
  });

  it('has a name of its own in the tenant', async () => {
    expect((await create(rule('Once'))).status).toBe(201);
    const answers = await Promise.all([create(rule('Once')), create(rule('Twice')), create(rule('Twice'))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it.each([
    [{ entitlement_ids_a: [] }, 'entitlement_ids_a'],
    [{ entitlement_ids_a: null }, 'entitlement_ids_a'],
    [{ entitlement_ids_a: 'x' }, 'entitlement_ids_a'],
    [{ entitlement_ids_a: ['x'] }, 'entitlement_ids_a'],
    [{ entitlement_ids_a: [[entitlement('book')]] }, 'entitlement_ids_a'],
    [{ entitlement_ids_a: undefined }, 'entitlement_ids_a'],
    [{ entitlement_ids_b: [entitlement('book')] }, 'entitlement_ids_b'],
    [{ name: ' ' }, 'name'],
    [{ name: undefined }, 'name'],
    [{ description: 'a\0' }, 'description'],
  ])('is refused with %j', async (more, field) => {
    const { status, body } = await create(rule('Refused', more));
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field }] });
  });

  it('names entitlements of the tenant only, in a sentence that names the others', async () => {
    const other = service.token();
    const foreign = await create(rule('Foreign'), other);
    expect([foreign.status, foreign.body.message]).toEqual([400, expect.stringContaining(entitlement('book'))]);
    const unknown = randomUUID();
    const { status, body } = await create(rule('Unknown', { entitlement_ids_b: [entitlement('pay'), unknown] }));
    expect([status, body.errors]).toEqual([
      400,
      [
        {
          field: 'entitlement_ids_b',
          message: `entitlement_ids_b must name entitlements of the tenant, does not know ${unknown}`,
        },
      ],
    ]);
  });

  it('may have ten thousand entitlements on either side, and no more', async () => {
    const ids = many.map(entitlement);
    const sides = { entitlement_ids_a: ids.slice(0, 10_000), entitlement_ids_b: ids.slice(10_000) };
    const { status, body } = await create(rule('Large', sides));
    expect(status).toBe(201);
    expect(body.entitlement_ids_a).toHaveLength(10_000);
    expect(body.entitlement_ids_b).toHaveLength(10_000);
    const over = { entitlement_ids_a: ids.slice(0, 10_001) };
    expect((await create(rule('Too large', over))).status).toBe(400);
  });
});

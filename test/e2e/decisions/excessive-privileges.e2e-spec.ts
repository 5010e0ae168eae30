import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { seedResults } from '../../support/seed-results.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let user: string;
let token: string;
let flag: string;
beforeEach(async () => {
  tenant = randomUUID();
  user = randomUUID();
  token = service.token({ tenant, user });
  flag = await (await seedResults(service, tenant)).flag('u1', ['pay']);
});

const review = (json?: unknown, id = flag, as = token): Promise<Answer> =>
  service.call('POST', `${API}/excessive-privileges/${id}/review`, { token: as, json });
const read = async (): Promise<Answer['body']> =>
  (await service.call('GET', `${API}/excessive-privileges/${flag}`, { token })).body;

describe('reviewing an excessive privilege', () => {
  it.each([
    [{ action: 'accept' }, 'accepted', null],
    [{ action: 'remediate', notes: 'Возьмите\u0007 🔑' }, 'remediated', 'Возьмите\u0007 🔑'],
    [{ action: 'accept', notes: null }, 'accepted', null],
  ])('with %j makes it %s', async (json, status, notes) => {
    const answer = await review(json);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: flag, status, notes, reviewed_by: user });
    expect(Date.parse(answer.body.reviewed_at as string)).not.toBeNaN();
    expect(await read()).toEqual(answer.body);
  });

  it.each([
    [undefined, 'action'],
    [{ action: 'reviewed' }, 'action'],
    [{ action: null }, 'action'],
    [{ action: 'accept', notes: 5 }, 'notes'],
    [{ action: 'accept', notes: 'a\0' }, 'notes'],
    [{ action: 'accept', notes: 'x'.repeat(2001) }, 'notes'],
  ])('refuses %j', async (json, field) => {
    const { status, body } = await review(json);
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field }] });
    expect((await read()).status).toBe('pending');
  });

  it('happens once', async () => {
    const answers = await Promise.all(['accept', 'remediate', 'accept'].map((action) => review({ action })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it.each(['accept', 'remediate'])('after %s is refused', async (first) => {
    await review({ action: first });
    for (const action of ['accept', 'remediate']) {
      const { status, body } = await review({ action });
      expect([status, body.message]).toEqual([409, expect.stringMatching(/only a pending one/)]);
    }
  });

  it('is refused for ids that are malformed, unknown or of another tenant', async () => {
    expect((await review({ action: 'accept' }, 'x')).status).toBe(400);
    expect((await review({ action: 'accept' }, randomUUID())).status).toBe(404);
    expect((await review({ action: 'accept' }, flag, service.token())).status).toBe(404);
    expect((await read()).status).toBe('pending');
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

const withKey = (key: string): { headers: Record<string, string> } => ({ headers: { 'Idempotency-Key': key } });

describe('a call with an Idempotency-Key', () => {
  it('is done once, however often it is sent, and always has the first answer', async () => {
    const token = service.token({ tenant: randomUUID() });
    const create = { token, json: { name: 'Mine' }, ...withKey(randomUUID()) };
    const answers = await Promise.all(Array.from({ length: 5 }, () => service.call('POST', JOBS, create)));

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed') === 'true')).toHaveLength(4);
    expect((await service.call('GET', JOBS, { token })).body.total).toBe(1);
  });

  it('does not delete what the first call has cancelled', async () => {
    const token = service.token({ tenant: randomUUID() });
    const { body } = await service.call('POST', JOBS, { token, json: { name: 'Mine' } });
    const job = `${JOBS}/${body.id as string}`;
    await service.call('POST', `${job}/run`, { token });
    const key = withKey('cancel-1');
    expect((await service.call('DELETE', job, { token, ...key })).status).toBe(204);
    expect((await service.call('DELETE', job, { token, ...key })).status).toBe(204);
    expect((await service.call('GET', job, { token })).body.status).toBe('cancelled');
    expect((await service.call('DELETE', job, { token, ...withKey('delete-1') })).status).toBe(204);
    expect((await service.call('GET', job, { token })).status).toBe(404);
  });

  it('is refused again as it was at first', async () => {
    const token = service.token({ tenant: randomUUID() });
    const { body } = await service.call('POST', JOBS, { token, json: { name: 'Mine' } });
    const job = `${JOBS}/${body.id as string}`;
    const key = withKey('too-early');
    const first = await service.call('DELETE', job, { token, ...key });
    await service.call('POST', `${job}/run`, { token });
    const second = await service.call('DELETE', job, { token, ...key });
    expect([first.status, second.status]).toEqual([409, 409]);
    expect(second.body).toEqual(first.body);
    expect((await service.call('GET', job, { token })).body.status).toBe('running');
  });

  it('is refused for another request, and not confused between tenants', async () => {
    const [first, second] = [service.token({ tenant: randomUUID() }), service.token({ tenant: randomUUID() })];
    const key = withKey('one');
    expect((await service.call('POST', JOBS, { token: first, json: { name: 'A' }, ...key })).status).toBe(201);
    const other = await service.call('POST', JOBS, { token: first, json: { name: 'B' }, ...key });
    expect(other.status).toBe(400);
    expect(other.body.errors).toEqual([{ field: 'Idempotency-Key', message: expect.stringContaining('another') }]);
    expect((await service.call('POST', JOBS, { token: second, json: { name: 'B' }, ...key })).status).toBe(201);
  });

  it('needs a key of visible characters', async () => {
    const answer = await service.call('POST', JOBS, {
      token: service.token(),
      json: { name: 'Mine' },
      ...withKey('x'.repeat(256)),
    });
    expect(answer.status).toBe(400);
  });

  it('can be sent anew after 24 hours', async () => {
    const tenant = randomUUID();
    const token = service.token({ tenant });
    const create = { token, json: { name: 'Mine' }, ...withKey('daily') };
    await service.call('POST', JOBS, create);
    await service.asTenant(tenant, `UPDATE idempotent_answer SET created_at = created_at - interval '25 hours'`);
    await service.call('POST', JOBS, create);
    expect((await service.call('GET', JOBS, { token })).body.total).toBe(2);
  });
});

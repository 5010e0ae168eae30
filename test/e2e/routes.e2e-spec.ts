import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Route, routesOf } from '../support/routes.js';
import { startTestService, type TestService } from '../support/test-service.js';

/** Open to everybody, exactly (wire conventions, "Who calls"); Swagger UI's own files lie below /docs. */
const PUBLIC = ['/docs', '/health/live', '/health/ready', '/metrics', '/openapi.json'];

let service: TestService;
let guarded: Route[];
let open: Route[];
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
  const isOpen = ({ path }: Route): boolean => !path.startsWith('/governance/');
  guarded = routesOf(service.app).filter((route) => !isOpen(route));
  open = routesOf(service.app).filter(isOpen);
});
afterAll(async () => service[Symbol.asyncDispose]());

const withIds = (path: string): string => path.replace(/:[a-z_]+/g, () => randomUUID());

describe('every route', () => {
  it('is found by the walk', () => {
    expect(guarded.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        'GET /governance/role-mining/jobs',
        'POST /governance/role-mining/jobs/:job_id/run',
        'DELETE /governance/role-mining/jobs/:job_id',
        'GET /governance/role-mining/candidates/:candidate_id/members',
      ]),
    );
  });

  it('is either one of the public ones or below /governance', () => {
    const paths = new Set(open.map(({ path }) => (path.startsWith('/docs') ? '/docs' : path)));
    expect([...paths].sort()).toEqual(PUBLIC);
    expect(open.every(({ method }) => method === 'GET' || method === 'HEAD')).toBe(true);
  });

  it('gives 401 without a token, 403 to others than administrators, something else to them', async () => {
    const seen = await Promise.all(
      guarded.map(async ({ method, path }) => {
        const statuses = await Promise.all(
          [null, service.token({ roles: ['auditor'] }), service.token()].map(async (token) => {
            const { status } = await service.call(method, withIds(path), { token });
            return status;
          }),
        );
        return { route: `${method} ${path}`, statuses };
      }),
    );
    const wrong = seen.filter(({ statuses: [none, auditor, administrator] }) => {
      return none !== 401 || auditor !== 403 || administrator === 401 || administrator === 403 || administrator >= 500;
    });
    expect(wrong).toEqual([]);
  });
});

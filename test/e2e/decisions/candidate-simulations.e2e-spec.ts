import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { effectiveAccessOf, idsOf } from '../../support/granted-access.js';
import { assignmentsCsv, importGraph, names } from '../../support/seed-graph.js';
import { type Answer, startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';
const USERS = names('u', 1001);

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let token: string;
let id: ReturnType<typeof idsOf>;
let candidate: string;
beforeEach(async () => {
  tenant = randomUUID();
  token = service.token({ tenant });
  id = idsOf(tenant);
  const assignments = assignmentsCsv([{ users: USERS, entitlements: ['read', 'write'] }]);
  await importGraph(service, token, { assignments });
  const [row] = await service.asTenant<{ id: string }>(
    tenant,
    `WITH job AS (
       INSERT INTO role_mining_job (tenant_id, name, parameters, created_by) VALUES ($1, 'Mine', '{}', $2) RETURNING id)
     INSERT INTO role_mining_candidate (tenant_id, job_id, proposed_name, confidence_score, member_count,
       assigned_member_count, entitlement_ids, member_ids, assigned_member_ids, explanation)
     SELECT $1, id, $3, 1, cardinality($5::uuid[]), 0, $4, $5, '{}', '{"nearMisses": [], "attributeRule": null}'
     FROM job RETURNING id`,
    [tenant, randomUUID(), 'ä'.repeat(300), ['read', 'write'].map(id.entitlement), USERS.map(id.user).sort()],
  );
  candidate = row.id;
});

const simulate = (json?: unknown): Promise<Answer> =>
  service.call('POST', `${API}/candidates/${candidate}/simulate`, { token, json });
const step = (simulation: unknown, name: string): Promise<Answer> =>
  service.call('POST', `${API}/simulations/${simulation as string}/${name}`, { token });

describe('POST /candidates/{id}/simulate', () => {
  it('makes the simulation that adds the role with all members, and it can be applied', async () => {
    const { status, body } = await simulate({ name: 'What if', role_name: ' Editors ', description: 'all of us' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'What if',
      scenario_type: 'add_role',
      status: 'draft',
      target_role_id: null,
      changes: {
        role_name: 'Editors',
        role_description: 'all of us',
        entitlement_ids: ['read', 'write'].map(id.entitlement),
        user_ids: USERS.map(id.user).sort().slice(0, 1000),
        user_ids_truncated: true,
      },
    });
    const before = await effectiveAccessOf(service, tenant);
    expect((await step(body.id, 'execute')).body).toMatchObject({ status: 'executed', affected_user_count: 0 });
    const { body: applied } = await step(body.id, 'apply');
    const role = `/governance/access-graph/roles/${applied.created_role_id as string}`;
    expect((await service.call('GET', role, { token })).body).toMatchObject({ name: 'Editors', member_count: 1001 });
    expect(await effectiveAccessOf(service, tenant)).toEqual(before);
    expect((await service.call('GET', `${API}/candidates/${candidate}`, { token })).body.promotion_status).toBe(
      'pending',
    );
  });

  it('takes names from the candidate, as long as names may be', async () => {
    const { status, body } = await simulate();
    expect(status).toBe(201);
    expect([...(body.name as string)]).toHaveLength(255);
    expect((body.changes as { role_name: string }).role_name).toBe('ä'.repeat(255));
  });

  it('writes the audit trail, on the candidate as on the simulation', async () => {
    const { body } = await simulate({});
    expect(
      await service.asTenant(
        tenant,
        `SELECT action, object_id, after FROM audit_event WHERE object_type <> 'import' ORDER BY sequence`,
      ),
    ).toEqual([
      expect.objectContaining({ action: 'simulation.create', object_id: body.id }),
      { action: 'candidate.simulate', object_id: candidate, after: { simulation_id: body.id } },
    ]);
  });

  it('refuses a candidate that is decided', async () => {
    await service.asTenant(tenant, `UPDATE role_mining_candidate SET promotion_status = 'dismissed'`);
    const { status, body } = await simulate();
    expect([status, body.message]).toEqual([409, 'The candidate is dismissed, only a pending one can be simulated']);
  });

  it('refuses when a member or an entitlement has gone since', async () => {
    await importGraph(service, token, {
      users: 'user\nu1\nu2\n',
      assignments: 'user,entitlement\nu1,read\nu2,read\n',
      entitlements: 'entitlement,name\nread,Read\n',
    });
    const { status, body } = await simulate();
    expect(status).toBe(409);
    expect(body.message).toContain(id.entitlement('write'));
    expect(body.message).toContain('and 989 more');
    expect((await service.call('GET', `${API}/simulations`, { token })).body.total).toBe(0);
  });

  it.each([
    ['name', { name: '' }],
    ['role_name', { role_name: 'a\nb' }],
    ['description', { description: 'x'.repeat(2001) }],
  ])('refuses a bad %s', async (field, json) => {
    const { status, body } = await simulate(json);
    expect([status, body.errors]).toMatchObject([400, [{ field }]]);
  });

  it('finds no candidate of another tenant', async () => {
    const path = `${API}/candidates/${candidate}/simulate`;
    expect((await service.call('POST', path, { token: service.token() })).status).toBe(404);
    expect((await service.call('POST', path)).status).toBe(401);
    expect((await service.call('POST', path, { token: service.token({ roles: [] }) })).status).toBe(403);
    expect((await service.call('POST', `${API}/candidates/5/simulate`, { token })).status).toBe(400);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignmentsCsv, importGraph, names } from '../../support/seed-graph.js';
import { effectiveAccessOf, seedResults } from '../../support/seed-results.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const API = '/governance/role-mining';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => service[Symbol.asyncDispose]());

describe('decisions while the graph is imported', () => {
  it('are done wholly or refused, and no client hears of a deadlock', async () => {
    const tenant = randomUUID();
    const token = service.token({ tenant });
    const staff = names('u', 30);
    const rights = names('e', 20);
    const files = {
      assignments: assignmentsCsv([{ users: staff, entitlements: rights }]),
      roles: [
        'role,name,entitlement,user',
        ...names('r', 20).flatMap((role, index) => [
          `${role},Role ${index},${rights[index]},`,
          `${role},,${rights[(index + 1) % 20]},`,
          `${role},,,${staff[index]}`,
        ]),
        '',
      ].join('\n'),
    };
    await importGraph(service, token, files);
    const results = await seedResults(service, tenant);
    const candidates: string[] = [];
    for (const [index, right] of rights.slice(1).entries()) {
      candidates.push(await results.candidate(`Candidate ${index}`, [rights[0], right], staff));
    }
    const suggestions: string[] = [];
    for (let index = 1; index < 20; index += 2) {
      suggestions.push(await results.suggestion(`r${index}`, `r${index + 1}`));
    }
    const before = await effectiveAccessOf(service, tenant);

    const imports = async (): Promise<number[]> => {
      const statuses: number[] = [];
      for (let round = 0; round < 6; round++) {
        const form = new FormData();
        // Every other time somebody new, so that the swap has something to write.
        const text = round % 2 === 0 ? `${files.assignments}extra,e1\n` : files.assignments;
        form.append('assignments', new Blob([text], { type: 'text/csv' }), 'assignments.csv');
        const { status } = await fetch(`${service.url}/governance/access-graph/imports?wait=60`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}` },
          body: form,
        });
        statuses.push(status);
      }
      return statuses;
    };
    const promotions = candidates.map(async (id) => {
      const json = { assign_members: true, remove_direct: true };
      return (await service.call('POST', `${API}/candidates/${id}/promote`, { token, json })).status;
    });
    const merges = suggestions.map(async (id) => {
      const path = `${API}/consolidation-suggestions/${id}`;
      const { body } = await service.call('GET', `${path}/merge-preview`, { token });
      const json = { impact_hash: body.impact_hash };
      return (await service.call('POST', `${path}/merge`, { token, json })).status;
    });
    const [imported, promoted, merged] = await Promise.all([imports(), Promise.all(promotions), Promise.all(merges)]);

    expect(imported).toEqual(imported.map(() => 201));
    expect(promoted).toEqual(promoted.map(() => 200));
    // What the members of the roles hold is never another: no preview is outdated by the time of its merge.
    expect(merged).toEqual(merged.map(() => 200));
    const after = await effectiveAccessOf(service, tenant);
    expect(before.filter((pair) => !after.includes(pair))).toEqual([]);
    const { body } = await service.call('GET', `${API}/audit-events/verification`, { token });
    expect(body).toMatchObject({ is_whole: true, faults: [] });
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Api } from '../../src/demo/api.js';
import { decide } from '../../src/demo/decisions.js';
import { runMiningJob } from '../../src/demo/mining-run.js';
import type { RoleDto } from '../../src/access-graph/look-ups/dto/role.dto.js';
import type { RoleCandidateDto } from '../../src/role-mining/candidates/dto/candidate.dto.js';
import type { SimulationDto } from '../../src/role-mining/simulations/dto/simulation.dto.js';
import { assignmentsCsv, importGraph, names } from '../support/seed-graph.js';
import { effectiveAccessOf } from '../support/seed-results.js';
import { startTestService, type TestService } from '../support/test-service.js';

const API = '/governance/role-mining';
const GRAPH = '/governance/access-graph';
const signal = new AbortController().signal;

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(async () => service[Symbol.asyncDispose]());

let tenant: string;
let api: Api;
let printed: string[];
beforeEach(async () => {
  tenant = randomUUID();
  const token = service.token({ tenant });
  api = new Api(service.url, token, signal);
  await importGraph(service, token, {
    assignments: assignmentsCsv([
      { users: names('finance', 12), entitlements: ['book', 'pay', 'close'] },
      { users: names('sales', 12), entitlements: ['quote', 'sell', 'call'] },
      { users: names('legal', 12), entitlements: ['sign', 'file', 'plead'] },
      { users: ['finance1'], entitlements: names('extra', 10) },
    ]),
    entitlements: `entitlement,name\n${names('part', 6)
      .map((part) => `${part},${part}\n`)
      .join('')}`,
    roles: `role,name,entitlement,user\n${['Old', 'New']
      .flatMap((name) => names('part', name === 'Old' ? 5 : 6).map((part) => `${name},${name},${part},`))
      .join('\n')}\nNew,,,legal1\nOld,,,legal2\n`,
  });
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((...line: unknown[]) => void printed.push(line.join(' ')));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const numberOfAccess = async (): Promise<number> => (await effectiveAccessOf(service, tenant)).length;

describe('the second half of the demo', () => {
  it('decides about what was mined, changes access by nothing but the merge, and can be repeated', async () => {
    const before = await numberOfAccess();
    await decide(api, await runMiningJob(api, signal), signal);
    const story = printed.join('\n');
    for (const line of [
      /Simulated.*: 0 users would hold something else/,
      /Promoted to the role ".*": 12 members have the role, which made 36 direct assignments redundant/,
      /Access of 12 members before and after: 0 hold something else/,
      /Dismissed ".*": A project that ends in March/,
      /Reviewed finance1, .* above the peers: remediated/,
      /Merge of "Old" into "New": 6 entitlements, 2 members; 1 users gain 1 entitlements/,
      /How roles are used: 2 of 2/,
      /Against the run before the decisions: .* 1 vanished/,
      /candidate\.promote .* done/,
      /Verified: \d+ events, none is missing or was changed/,
    ]) {
      expect(story).toMatch(line);
    }
    expect(await numberOfAccess()).toBe(before + 1);

    printed = [];
    await decide(api, await runMiningJob(api, signal), signal);
    expect(printed.join('\n')).toMatch(/Promoted to the role/);
    printed = [];
    await decide(api, await runMiningJob(api, signal), signal);
    expect(printed.join('\n')).toMatch(/No candidate is left that could be promoted[^]*Verified/);
    expect(await numberOfAccess()).toBe(before + 1);
  });

  it('numbers the role when another one has its name', async () => {
    const job = await runMiningJob(api, signal);
    const candidates = await api.first<RoleCandidateDto>(`${API}/jobs/${job.id}/candidates`, 100);
    for (const { proposed_name, entitlement_ids } of candidates) {
      const { id } = await api.post<SimulationDto>(`${API}/simulations`, {
        name: 'Takes the name',
        scenario_type: 'add_role',
        changes: { role_name: proposed_name, entitlement_ids: entitlement_ids.slice(0, 1) },
      });
      await api.post(`${API}/simulations/${id}/execute`);
      await api.post(`${API}/simulations/${id}/apply`);
    }
    await decide(api, job, signal);
    const taken = new Set(candidates.map((candidate) => `${candidate.proposed_name} (2)`));
    const made = (await api.first<RoleDto>(`${GRAPH}/roles`, 100)).filter((role) => role.source === 'candidate');
    expect(made).toHaveLength(1);
    expect(taken).toContain(made[0].name);
  });
});

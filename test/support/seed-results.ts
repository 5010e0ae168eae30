import { randomUUID } from 'node:crypto';
import { stableUuid } from '../../src/common/stable-uuid.js';
import type { TestService } from './test-service.js';

const EXPLANATION = {
  assignmentsCovered: 0,
  newAssignmentsCovered: 0,
  complexityChange: 0,
  nearMisses: [],
  usersLackingTwo: 0,
  attributeRule: null,
};

/** Results of a completed job, written without mining. Users, entitlements and roles by their external ids. */
export interface SeededResults {
  readonly jobId: string;
  candidate(name: string, entitlements: readonly string[], members: readonly string[]): Promise<string>;
  flag(user: string, excess: readonly string[]): Promise<string>;
  suggestion(roleA: string, roleB: string): Promise<string>;
}

export async function seedResults(service: TestService, tenant: string): Promise<SeededResults> {
  const ids = (kind: 'user' | 'entitlement', externalIds: readonly string[]): string[] =>
    externalIds.map((externalId) => stableUuid(tenant, kind, externalId)).sort();
  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const columns = Object.keys(row);
    const [{ id }] = await service.asTenant<{ id: string }>(
      tenant,
      `INSERT INTO ${table} (tenant_id, ${columns.join(', ')})
       VALUES ($1, ${columns.map((_, index) => `$${index + 2}`).join(', ')}) RETURNING id`,
      [tenant, ...Object.values(row)],
    );
    return id;
  };
  const jobId = await insert('role_mining_job', {
    name: 'Seeded',
    status: 'completed',
    progress_percent: 100,
    parameters: '{}',
    started_at: new Date(),
    completed_at: new Date(),
    created_by: randomUUID(),
  });
  return {
    jobId,
    candidate: (name, entitlements, members) =>
      insert('role_mining_candidate', {
        job_id: jobId,
        proposed_name: name,
        confidence_score: 1,
        member_count: members.length,
        assigned_member_count: members.length,
        entitlement_ids: ids('entitlement', entitlements),
        member_ids: ids('user', members),
        assigned_member_ids: ids('user', members),
        explanation: JSON.stringify(EXPLANATION),
      }),
    flag: (user, excess) =>
      insert('role_mining_excessive_privilege', {
        job_id: jobId,
        user_id: stableUuid(tenant, 'user', user),
        deviation_percent: 100,
        excess_entitlements: ids('entitlement', excess),
        peer_average: 1,
        peer_median: 1,
        peer_percentile: 100,
        user_count: 2,
      }),
    suggestion: (roleA, roleB) =>
      insert('role_mining_consolidation_suggestion', {
        job_id: jobId,
        role_a_id: stableUuid(tenant, 'role', roleA),
        role_b_id: stableUuid(tenant, 'role', roleB),
        overlap_percent: 80,
        containment_percent: 90,
        member_overlap_percent: 0,
        shared_entitlements: [],
        unique_to_a: [],
        unique_to_b: [],
      }),
  };
}

/** Adds a rule that nobody may hold an entitlement of either side. */
export async function seedRule(
  service: TestService,
  token: string,
  tenant: string,
  name: string,
  sides: readonly [readonly string[], readonly string[]],
): Promise<string> {
  const [entitlement_ids_a, entitlement_ids_b] = sides.map((side) =>
    side.map((externalId) => stableUuid(tenant, 'entitlement', externalId)),
  );
  const json = { name, entitlement_ids_a, entitlement_ids_b };
  const { status, body } = await service.call('POST', '/governance/role-mining/sod-rules', { token, json });
  if (status !== 201) throw new Error(`The rule was answered ${status}: ${JSON.stringify(body)}`);
  return body.id as string;
}

/** What everybody in the tenant holds, in whatever way: pairs of user and entitlement, as numbers. */
export async function effectiveAccessOf(service: TestService, tenant: string): Promise<string[]> {
  const rows = await service.asTenant<{ pair: string }>(
    tenant,
    `SELECT user_number || ':' || entitlement_number AS pair FROM access_assignment
     UNION SELECT user_number || ':' || entitlement_number
     FROM access_role_member JOIN access_role_entitlement USING (tenant_id, role_id) ORDER BY 1`,
  );
  return rows.map(({ pair }) => pair);
}

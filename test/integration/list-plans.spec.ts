import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { fillLists, jobOf, vacuumLists } from '../support/filled-lists.js';
import { type ListCall, listCalls, type Statement, statementsOf } from '../support/list-calls.js';
import { startTestService, type TestService } from '../support/test-service.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Parent Relationship'?: string;
  readonly 'Plan Rows': number;
  readonly 'Total Cost': number;
  readonly Plans?: readonly PlanNode[];
}

const TENANT = '4d5b1a8e-7f0c-4a39-9d52-3f9f3a1c2b60';
const SIZES = { jobs: 5_000, resultsOfJob: 3_000, otherResults: 7_000, otherCandidates: 12_000, others: 5_000 };

// Plans are made as in production: by the application's login, in a tenant's transaction, from the server's own settings.
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api' });
  const client = new pg.Client(service.database.superuserUrl);
  await client.connect();
  for (const tenant of [TENANT, randomUUID()]) await fillLists(client, tenant, SIZES);
  await vacuumLists(client);
  await client.end();
});
afterAll(async () => service[Symbol.asyncDispose]());

async function explain({ sql, values }: Statement): Promise<PlanNode> {
  const [row] = await service.asTenant<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    TENANT,
    `EXPLAIN (FORMAT JSON) ${sql}`,
    values,
  );
  return row['QUERY PLAN'][0].Plan;
}

/** Without what is asked for each row of the page. */
function nodesOf(plan: PlanNode): PlanNode[] {
  const plans = (plan.Plans ?? []).filter((below) => below['Parent Relationship'] !== 'SubPlan');
  return [plan, ...plans.flatMap(nodesOf)];
}

/** Few rows match the others: those are found by an index and sorted. */
const isInOrder = ({ path }: ListCall): boolean => !path.includes('?') || /[?](min_|before)/.test(path);

const statements = (path: string) => {
  const token = service.token({ tenant: TENANT });
  return statementsOf(service.app.get(DataSource), async () => {
    const { status, body } = await service.call('GET', path, { token });
    if (status !== 200) throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
  });
};

describe('a page of a list', () => {
  it.each(listCalls(TENANT).filter(isInOrder))('is read in the order of an index: $path', async ({ path, index }) => {
    const nodes = nodesOf(await explain((await statements(path)).page));
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Sort');
    expect(nodes.map((node) => node['Index Name'] ?? '')).toContainEqual(expect.stringMatching(index));
  });

  it('of suspected grants of one kind tells the others apart in the index', async () => {
    const path = `/governance/role-mining/jobs/${jobOf(TENANT)}/suspected-grants?kind=extra`;
    const conditions = nodesOf(await explain((await statements(path)).page)).map((node) => node['Index Cond'] ?? '');
    expect(conditions).toContainEqual(expect.stringContaining("kind = 'extra'"));
  });

  it.each(listCalls(TENANT))('does not read the whole table: $path', async ({ path }) => {
    const nodes = nodesOf(await explain((await statements(path)).page));
    // Months of the audit trail that nothing has happened in are read as they are.
    const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan' && node['Plan Rows'] > 1);
    expect(whole.map((node) => node['Relation Name'])).toEqual([]);
  });
});

describe('the total of a list', () => {
  const [known, counted] = [true, false].map((isKnown) =>
    listCalls(TENANT).filter(({ isTotalKnown }) => isTotalKnown === isKnown),
  );

  it.each(counted)('costs what counting the same rows costs: $path', async ({ path, table, condition }) => {
    const { total } = await statements(path);
    const values = condition.includes('$2') ? [TENANT, jobOf(TENANT)] : [TENANT];
    const bare = await explain({ sql: `SELECT count(*) FROM ${table} WHERE ${condition}`, values });
    if (total === null) throw new Error('Nothing was counted');
    expect((await explain(total))['Total Cost']).toBeLessThanOrEqual(bare['Total Cost'] * 1.05);
  });

  it.each(known)('is in the row of the job, and nothing is counted: $path', async ({ path }) => {
    expect((await statements(path)).total).toBeNull();
    const { body } = await service.call('GET', path, { token: service.token({ tenant: TENANT }) });
    expect(body).toMatchObject({ total: SIZES.resultsOfJob });
  });
});

it('the statistics of candidates leave out their lists, which take seconds to analyse', async () => {
  const client = new pg.Client(service.database.superuserUrl);
  await client.connect();
  const { rows } = await client.query<{ name: string; isArray: boolean }>(
    `SELECT pg_attribute.attname AS name, atttypid::regtype::text LIKE '%[]' AS "isArray" FROM pg_attribute
     JOIN pg_stats ON schemaname = 'role_mining' AND tablename = 'role_mining_candidate' AND pg_stats.attname = pg_attribute.attname
     WHERE attrelid = 'role_mining.role_mining_candidate'::regclass`,
  );
  await client.end();
  expect(rows.map(({ name }) => name)).toContain('confidence_score');
  expect(rows.filter(({ isArray }) => isArray)).toEqual([]);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GovernanceModule } from '../../examples/governance-module/governance.module.js';
import { RoleProposals } from '../../examples/governance-module/role-proposals.service.js';
import {
  AccessGraphReader,
  createHttpApplication,
  FoundationModule,
  InMemoryAccessGraphReader,
  JobsService,
  loadConfig,
  RoleMiningModule,
} from '../../src/index.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually, signToken, TEST_SECRET } from '../support/test-service.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => database.dispose());

const configOf = (url: string): ReturnType<typeof loadConfig> =>
  loadConfig({ DATABASE_URL: url, JWT_SECRET: TEST_SECRET, LOG_LEVEL: 'silent', MINING_THREADS: '1' });

describe('the governance module of another team', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const config = configOf(database.url);
    app = await createHttpApplication(GovernanceModule.forRoot(config, database.open), config);
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => app.close());

  it('has roles proposed for what its own directory says, through the injected services', async () => {
    const proposals = await app.get(RoleProposals).propose({ tenantId: randomUUID(), userId: randomUUID() });
    expect(proposals).toHaveLength(2);
    for (const proposal of [
      {
        role: expect.stringContaining('Nursing'),
        confidence: 1,
        grants: ['Mailbox', 'Plan shifts', 'Read patient file', 'Write patient file'],
        memberCount: 6,
      },
      {
        role: expect.stringContaining('Pharmacy'),
        confidence: 1,
        grants: ['Dispense drugs', 'Mailbox', 'Order drugs', 'Read patient file'],
        memberCount: 6,
      },
    ]) {
      expect(proposals).toContainEqual(proposal);
    }
  });

  it('serves the routes of role mining beside, for the same jobs and for their tenant only', async () => {
    const actor = { tenantId: randomUUID(), userId: randomUUID() };
    await app.get(RoleProposals).propose(actor);
    const list = async (tenant: string): Promise<unknown> => {
      const token = signToken({ tenant, user: actor.userId });
      const response = await fetch(`${await app.getUrl()}/governance/role-mining/jobs`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      return response.json();
    };
    expect(await list(actor.tenantId)).toMatchObject({
      items: [{ status: 'completed', created_by: actor.userId, candidate_count: 2, summary: { users: 12 } }],
      total: 1,
    });
    expect(await list(randomUUID())).toMatchObject({ items: [], total: 0 });
  });
});

describe('a module that has its reader at hand', () => {
  const reader = new InMemoryAccessGraphReader();
  const actor = { tenantId: randomUUID(), userId: randomUUID() };
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const config = configOf(database.url);
    @Module({
      imports: [
        FoundationModule.forRoot(config, database.open),
        RoleMiningModule.forRoot({ accessGraphReader: reader, serveApi: false }),
      ],
    })
    class OwnModule {}
    app = await createHttpApplication(OwnModule, config);
    await app.init();
  });
  afterAll(async () => app.close());

  it('gives it to forRoot, and jobs read from it', async () => {
    expect(app.get(AccessGraphReader)).toBe(reader);
    const entitlementIds = [randomUUID(), randomUUID()];
    reader.setGraph(actor.tenantId, {
      entitlements: entitlementIds.map((id) => ({ id, name: id })),
      users: Array.from({ length: 3 }, () => ({ id: randomUUID(), entitlementIds })),
    });
    const jobs = app.get(JobsService);
    const { job } = await jobs.createJob(actor, { name: 'Three users, the same two entitlements' });
    await jobs.runJob(actor, job.id);
    const ended = await eventually(
      () => jobs.getJob(actor, job.id),
      (view) => view.job.status !== 'running',
    );
    expect(ended.job).toMatchObject({ status: 'completed', candidateCount: 1, summary: { users: 3, assignments: 6 } });
  });

  it('can leave the routes out', async () => {
    const { statusCode } = await app.inject({
      method: 'GET',
      url: '/governance/role-mining/jobs',
      headers: { Authorization: `Bearer ${signToken()}` },
    });
    expect(statusCode).toBe(404);
  });
});

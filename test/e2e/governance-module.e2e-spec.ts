import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DirectoryRoleStore } from '../../examples/governance-module/directory-role.store.js';
import { prepareDirectoryTables } from '../../examples/governance-module/directory-tables.js';
import { GovernanceModule } from '../../examples/governance-module/governance.module.js';
import { RoleAnnouncements } from '../../examples/governance-module/role-announcements.js';
import { type RoleProposal, RoleProposals } from '../../examples/governance-module/role-proposals.service.js';
import { StaffDirectory } from '../../examples/governance-module/staff-directory.js';
import {
  AccessGraphReader,
  CandidateDecisionsService,
  CandidatesService,
  createHttpApplication,
  FoundationModule,
  InMemoryAccessGraphReader,
  JobsService,
  loadConfig,
  openDatabase,
  RoleMiningModule,
  RoleStore,
} from '../../src/index.js';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
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
    const withOwner = { ...config.database, ownerUrl: database.ownerUrl };
    const opened = await openDatabase(withOwner, prepareDirectoryTables);
    app = await createHttpApplication(GovernanceModule.forRoot(config, opened), config);
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => app.close());

  it('has roles proposed for what its own directory says, through the injected services', async () => {
    const proposals = await app.get(RoleProposals).propose({ tenantId: randomUUID(), userId: randomUUID() });
    expect(proposals).toHaveLength(2);
    for (const proposal of [
      {
        candidateId: expect.any(String),
        role: expect.stringContaining('Nursing'),
        confidence: 1,
        grants: ['Mailbox', 'Plan shifts', 'Read patient file', 'Write patient file'],
        memberCount: 6,
      },
      {
        candidateId: expect.any(String),
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

  describe('has its own role store', () => {
    const actor = { tenantId: randomUUID(), userId: randomUUID() };
    let nursing: RoleProposal;
    let pharmacy: RoleProposal;
    beforeAll(async () => {
      const proposals = await app.get(RoleProposals).propose(actor);
      const of = (department: string): RoleProposal[] => proposals.filter(({ role }) => role.includes(department));
      [nursing, pharmacy] = [...of('Nursing'), ...of('Pharmacy')];
    });

    const promote = async (candidateId: string, body: object): Promise<{ status: number; body: unknown }> => {
      const response = await fetch(`${await app.getUrl()}/governance/role-mining/candidates/${candidateId}/promote`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${signToken({ tenant: actor.tenantId, user: actor.userId })}`,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    const statusOf = async (candidateId: string): Promise<string> =>
      (await app.get(CandidatesService).getCandidate(actor, candidateId)).candidate.promotionStatus;
    const rolesOfDirectory = async (): Promise<{ id: string; name: string; grants: string[] }[]> => {
      const names = new Map((await app.get(StaffDirectory).grants(actor.tenantId)).map(({ id, name }) => [id, name]));
      const list = app.get(DirectoryRoleStore).listRoles.bind(app.get(DirectoryRoleStore));
      const roles = await app.get(TenantTransaction).run(actor.tenantId, (manager) => list(manager, actor.tenantId));
      return roles.map(({ id, name, entitlementIds }) => ({
        id,
        name,
        grants: [...entitlementIds].map((grant) => names.get(grant) ?? grant).sort(),
      }));
    };

    it('which is the one that decisions write to', () => {
      expect(app.get(RoleStore)).toBe(app.get(DirectoryRoleStore));
    });

    it('through which a promotion makes the role in the transaction of the decision', async () => {
      const decisions = app.get(CandidateDecisionsService);
      const undone = app.get(TenantTransaction).run(actor.tenantId, async (manager) => {
        const { promotion } = await decisions.promote(actor, nursing.candidateId, {});
        const roles = await app.get(RoleStore).findRoles(manager, actor.tenantId, [promotion.roleId]);
        expect(roles).toMatchObject([{ name: nursing.role, source: 'candidate' }]);
        throw new Error('The caller thinks better of it');
      });
      await expect(undone).rejects.toThrow('The caller thinks better of it');
      expect(await rolesOfDirectory()).toEqual([]);
      expect(await statusOf(nursing.candidateId)).toBe('pending');
      expect(app.get(RoleAnnouncements).announced).toEqual([]);

      const { status, body } = await promote(nursing.candidateId, { role_name: 'Nurse' });
      expect({ status, body }).toMatchObject({ status: 200, body: { promotion_status: 'promoted' } });
      expect(await rolesOfDirectory()).toEqual([
        { id: (body as { promoted_role_id: string }).promoted_role_id, name: 'Nurse', grants: nursing.grants },
      ]);
      expect(app.get(RoleAnnouncements).announced).toEqual([
        `The directory has the role ${(body as { promoted_role_id: string }).promoted_role_id} now, made by ${actor.userId}`,
      ]);
    });

    it('whose refusal refuses the promotion as a whole', async () => {
      expect(await promote(pharmacy.candidateId, { role_name: 'Nurse' })).toMatchObject({
        status: 409,
        body: { detail: 'The directory has a role named "Nurse" already' },
      });
      expect(await rolesOfDirectory()).toMatchObject([{ name: 'Nurse' }]);
      expect(await statusOf(pharmacy.candidateId)).toBe('pending');
    });

    it('from which the reader knows what the next run need not propose again', async () => {
      expect(await app.get(RoleProposals).propose(actor)).toMatchObject([{ role: pharmacy.role }]);
    });

    it('which changes, merges and removes roles', async () => {
      const [grants, people] = [
        (await app.get(StaffDirectory).grants(actor.tenantId)).map(({ id }) => id).sort(),
        (await app.get(StaffDirectory).people(actor.tenantId)).map(({ id }) => id),
      ];
      const { tenantId } = actor;
      const store = app.get(RoleStore);
      const newRole = { source: 'simulation', entitlementIds: [grants[0]], memberIds: [people[0]] } as const;
      await app.get(TenantTransaction).run(tenantId, async (manager) => {
        const id = await store.createRole(manager, tenantId, { ...newRole, name: 'Kept' });
        const retired = await store.createRole(manager, tenantId, { ...newRole, name: 'Retired', memberIds: people });
        await store.changeEntitlements(manager, tenantId, id, { add: [grants[1], grants[2]], remove: [grants[0]] });
        await store.changeMembers(manager, tenantId, id, { add: [people[1]], remove: [people[0]] });
        expect(await store.findRoles(manager, tenantId, [id])).toMatchObject([
          { entitlementIds: [grants[1], grants[2]], memberCount: 1 },
        ]);
        await store.mergeRoles(manager, tenantId, id, retired);
        expect(await store.findRoles(manager, tenantId, [id, retired])).toMatchObject([
          { id, name: 'Kept', entitlementIds: grants.slice(0, 3), memberCount: people.length },
        ]);
        await store.deleteRole(manager, tenantId, id);
        await expect(store.deleteRole(manager, tenantId, id)).rejects.toThrow(`no longer has the role ${id}`);
        await expect(store.changeMembers(manager, tenantId, id, {})).rejects.toThrow(`no longer has the role ${id}`);
        await expect(store.mergeRoles(manager, tenantId, id, retired)).rejects.toThrow('no longer has the role');
        const unknown = randomUUID();
        await expect(
          store.createRole(manager, tenantId, { ...newRole, name: 'Other', entitlementIds: [unknown] }),
        ).rejects.toThrow(`no longer has the grant ${unknown}`);
      });
    });
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

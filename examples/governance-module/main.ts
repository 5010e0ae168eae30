import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { CandidateDecisionsService, createHttpApplication, loadConfig, openDatabase } from '../../src/index.js';
import { prepareDirectoryTables } from './directory-tables.js';
import { GovernanceModule } from './governance.module.js';
import { RoleProposals } from './role-proposals.service.js';

const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env });
await using database = await openDatabase(config.database, prepareDirectoryTables);
const app = await createHttpApplication(GovernanceModule.forRoot(config, database), config);
const actor = { tenantId: randomUUID(), userId: randomUUID() };
try {
  await app.init();
  const proposals = await app.get(RoleProposals).propose(actor);
  console.table(proposals);
  const { promotion } = await app.get(CandidateDecisionsService).promote(actor, proposals[0].candidateId, {});
  console.log(`The directory has the role ${promotion.roleId} now; the next run proposes the rest:`);
  console.table(await app.get(RoleProposals).propose(actor));
} finally {
  await app.close();
}

import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createHttpApplication, loadConfig, openDatabase } from '../../src/index.js';
import { GovernanceModule } from './governance.module.js';
import { RoleProposals } from './role-proposals.service.js';

const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env });
await using database = await openDatabase(config.database);
const app = await createHttpApplication(GovernanceModule.forRoot(config, database), config);
try {
  await app.init();
  console.table(await app.get(RoleProposals).propose({ tenantId: randomUUID(), userId: randomUUID() }));
} finally {
  await app.close();
}

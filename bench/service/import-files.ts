import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { ACCESS_FILE_PARTS, type AccessFile, type AccessFilePart } from '../../src/access-files/access-file.js';
import { NO_ACCESS_RULES } from '../../src/access-graph/import/access-rules.js';
import { AccessGraphService } from '../../src/access-graph/import/access-graph.service.js';
import { AccessImport } from '../../src/access-graph/import/import.entity.js';
import { partsOfFiles } from '../../src/access-graph/import/parts-of-files.js';
import { PostgresAuditTrail } from '../../src/audit/postgres-audit-trail.js';
import { applicationLimits, dataSourceOptions } from '../../src/database/connection.js';
import type { openDatabase } from '../../src/database/open-database.js';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';

/** Imports the files of a generated organisation, as the command line does. */
export async function importFiles(
  { config, url }: Awaited<ReturnType<typeof openDatabase>>,
  tenantId: string,
  directory: string,
): Promise<void> {
  const options = dataSourceOptions(config, url, applicationLimits(config));
  const dataSource = await new DataSource({ ...options, entities: [AccessImport] }).initialize();
  try {
    const service = new AccessGraphService(
      dataSource,
      new TenantTransaction(dataSource),
      { database: config },
      new PostgresAuditTrail(),
      NO_ACCESS_RULES,
    );
    const files: { [Part in AccessFilePart]?: AccessFile } = {};
    for (const part of ACCESS_FILE_PARTS) {
      files[part] = { name: part, content: createReadStream(join(directory, `${part}.csv`)) };
    }
    await service.importGraph({ tenantId, userId: null, parts: partsOfFiles(files) });
  } finally {
    await dataSource.destroy();
  }
}

import { DataSource } from 'typeorm';
import type { AccessFile, AccessFilePart } from '../../src/access-files/access-file.js';
import { NO_ACCESS_RULES } from '../../src/access-graph/import/access-rules.js';
import { PostgresAuditTrail } from '../../src/audit/postgres-audit-trail.js';
import { AccessGraphService } from '../../src/access-graph/import/access-graph.service.js';
import { AccessImport } from '../../src/access-graph/import/import.entity.js';
import type { ImportCounts } from '../../src/access-graph/import/import-counts.js';
import type { ImportOptions } from '../../src/access-graph/import/import-parts.js';
import { partsOfFiles } from '../../src/access-graph/import/parts-of-files.js';
import { PostgresAccessGraphReader } from '../../src/access-graph/snapshot/postgres-access-graph.reader.js';
import { applicationLimits, dataSourceOptions } from '../../src/database/connection.js';
import { TenantTransaction } from '../../src/database/tenant-transaction.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export type GraphTexts = { readonly [Part in AccessFilePart]?: string };

/** The access graph on a database of its own, without HTTP. */
export interface TestGraph extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly transaction: TenantTransaction;
  readonly service: AccessGraphService;
  readonly reader: PostgresAccessGraphReader;
  /** Imports CSV texts, without a limit to what may be removed. */
  importTexts(tenantId: string, texts: GraphTexts, options?: Partial<ImportOptions>): Promise<ImportCounts>;
}

export async function createTestGraph(): Promise<TestGraph> {
  const database = await createTestDatabase();
  const { config, url } = database.open;
  const options = dataSourceOptions(config, url, applicationLimits(config));
  const dataSource = await new DataSource({ ...options, entities: [AccessImport] }).initialize();
  const transaction = new TenantTransaction(dataSource);
  const service = new AccessGraphService(
    dataSource,
    transaction,
    { database: config },
    new PostgresAuditTrail(),
    NO_ACCESS_RULES,
  );
  return {
    database,
    transaction,
    service,
    reader: new PostgresAccessGraphReader(transaction, { database: config }),
    importTexts: (tenantId, texts, importOptions) =>
      service.importGraph({
        tenantId,
        userId: null,
        parts: partsOfFiles(filesOf(texts)),
        options: { maxRemovedPercent: 100, ...importOptions },
      }),
    [Symbol.asyncDispose]: async () => {
      await dataSource.destroy();
      await database.dispose();
    },
  };
}

export function filesOf(texts: GraphTexts): { [Part in AccessFilePart]?: AccessFile } {
  return Object.fromEntries(
    Object.entries(texts).map(([part, text]) => [part, { name: `${part}.csv`, content: contentOf(text) }]),
  );
}

async function* contentOf(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from(text);
}

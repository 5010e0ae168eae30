import { Logger } from '@nestjs/common';
import { type Command, InvalidArgumentError } from 'commander';
import Table from 'cli-table3';
import { DataSource } from 'typeorm';
import { ACCESS_FILE_PARTS, type AccessFile, type AccessFilePart } from '../access-files/access-file.js';
import { AccessGraphService, type ImportRequest } from '../access-graph/import/access-graph.service.js';
import { AccessImport } from '../access-graph/import/import.entity.js';
import { COUNTED, type ImportCounts } from '../access-graph/import/import-counts.js';
import { DEFAULT_IMPORT_OPTIONS } from '../access-graph/import/import-parts.js';
import { partsOfFiles } from '../access-graph/import/parts-of-files.js';
import { PostgresAuditTrail } from '../audit/postgres-audit-trail.js';
import { isUuid } from '../common/validation/uuid.js';
import { loadDatabaseConfig } from '../config/load-config.js';
import { applicationLimits, dataSourceOptions } from '../database/connection.js';
import { type OpenDatabase, openDatabase } from '../database/open-database.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import { SodRules } from '../role-mining/sod/sod-rules.js';
import { localFile } from './local-file.js';
import { numberFrom } from './option-values.js';
import { ProgressBar } from './progress-bar.js';

type ImportCommandOptions = { [Part in AccessFilePart]?: string } & {
  tenant: string;
  merge: boolean;
  dryRun: boolean;
  maxRemovedPercent: number;
};

export function registerImport(program: Command): void {
  const command = program
    .command('import')
    .description('load an access graph in bulk into the configured database')
    .requiredOption('--tenant <uuid>', 'whose graph it is', uuid)
    .option('--assignments <file>', 'who holds what: CSV user,entitlement[,last_used_at], NDJSON or pairs; .gz too')
    .option('--users <file>', 'attributes of users: CSV user,department,…')
    .option('--entitlements <file>', 'what entitlements are called: CSV entitlement,name[,application,description]')
    .option('--roles <file>', 'which roles there are: CSV role,name,entitlement,user')
    .option('--merge', 'add and update only; otherwise each file replaces what was imported of its kind', false)
    .option('--dry-run', 'only say what would change', false)
    .option(
      '--max-removed-percent <p>',
      'refuse to remove more of a kind than this',
      numberFrom(0, 100),
      DEFAULT_IMPORT_OPTIONS.maxRemovedPercent,
    );
  command.action(async (options: ImportCommandOptions) => {
    if (ACCESS_FILE_PARTS.every((part) => options[part] === undefined)) {
      command.error(`error: expected at least one of ${ACCESS_FILE_PARTS.map((part) => `--${part}`).join(', ')}`);
    }
    const counts = await importFiles(options);
    console.log(countsTable(counts));
    for (const { rule_name, user_count } of counts.sod_violations ?? []) {
      console.log(`separation of duties: ${user_count} users break ${JSON.stringify(rule_name)}`);
    }
    const seconds = (counts.duration_ms / 1000).toFixed(1);
    console.log(`${options.dryRun ? 'nothing was changed' : 'imported'} (${seconds} s)`);
  });
}

async function importFiles(options: ImportCommandOptions): Promise<ImportCounts> {
  // What goes wrong is told once, by the command line itself.
  Logger.overrideLogger(false);
  await using database = await openDatabase(loadDatabaseConfig(process.env));
  using progress = new ProgressBar();
  const { files, fractionRead } = filesOf(options);
  const { mode } = DEFAULT_IMPORT_OPTIONS;
  return await runImport(database, {
    tenantId: options.tenant,
    userId: null,
    actorKind: 'cli',
    parts: partsOfFiles(files),
    options: {
      mode: options.merge ? 'merge' : mode,
      dryRun: options.dryRun,
      maxRemovedPercent: options.maxRemovedPercent,
    },
    fractionRead,
    onProgress: (percent) => progress.update('import', percent / 100),
    onFault: ({ file, line, message }) => {
      progress[Symbol.dispose]();
      console.error(`${file}${line === null ? '' : `:${line}`}: ${message}`);
    },
  });
}

async function runImport({ config, url }: OpenDatabase, request: ImportRequest): Promise<ImportCounts> {
  const connection = dataSourceOptions(config, url, applicationLimits(config));
  const dataSource = await new DataSource({ ...connection, entities: [AccessImport] }).initialize();
  const service = new AccessGraphService(
    dataSource,
    new TenantTransaction(dataSource),
    { database: config },
    new PostgresAuditTrail(),
    new SodRules(),
  );
  const onInterrupt = (): void => void service.beforeApplicationShutdown();
  process.once('SIGINT', onInterrupt);
  try {
    return await service.importGraph(request);
  } finally {
    process.off('SIGINT', onInterrupt);
    await dataSource.destroy();
  }
}

function filesOf(options: ImportCommandOptions): {
  files: { [Part in AccessFilePart]?: AccessFile };
  fractionRead: () => number;
} {
  const fractions = new Map<AccessFilePart, number>();
  const files: { [Part in AccessFilePart]?: AccessFile } = {};
  for (const part of ACCESS_FILE_PARTS) {
    const path = options[part];
    if (path === undefined) continue;
    fractions.set(part, 0);
    files[part] = localFile(path, (fraction) => fractions.set(part, fraction));
  }
  const fractionRead = (): number => [...fractions.values()].reduce((sum, each) => sum + each, 0) / fractions.size;
  return { files, fractionRead };
}

function countsTable(counts: ImportCounts): string {
  const table = new Table({
    head: ['', 'added', 'updated', 'removed', 'total'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const what of COUNTED) {
    const { added, updated, removed, total } = counts[what];
    table.push([what.replace('_', ' '), added, updated, removed, total]);
  }
  return `${table.toString()}\nrepeated rows that count once: ${counts.duplicates_ignored}`;
}

function uuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('Expected a UUID.');
  return text.toLowerCase();
}

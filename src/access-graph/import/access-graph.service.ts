import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ConflictError, DomainError, NotFoundError } from '../../common/errors/domain.error.js';
import { Config } from '../../config/config.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { lockGraphBy } from '../stores/graph-lock.js';
import { AccessRules } from './access-rules.js';
import { checkRoleNames, checkStaging } from './check-staging.js';
import { AccessImport } from './import.entity.js';
import { ImportAudit, type Importer } from './import-audit.js';
import type { BrokenRuleCount, ImportCounts } from './import-counts.js';
import { type ImportFault, ImportFaults } from './import-faults.js';
import { KEEP_KEY, type ImportKey, refuseUsedKey, type UsedKey } from './import-keys.js';
import { DEFAULT_IMPORT_OPTIONS, type ImportOptions, type ImportParts } from './import-parts.js';
import { ImportProgress } from './import-progress.js';
import { beginImport, completeImport, endDeadImports, failImport, INTERRUPTED } from './import-records.js';
import { ImportSession } from './import-session.js';
import { resolveStaging } from './resolve-staging.js';
import { partsGiven, stage } from './staging-tables.js';
import { swapGraph } from './swap-graph.js';

const LOOK_EVERY_MS = 250;

export interface ImportRequest extends Importer {
  readonly parts: ImportParts;
  readonly options?: Partial<ImportOptions>;
  readonly key?: ImportKey | null;
  /** How much of the input has been read, 0 to 1; unknown input only shows that it goes on. */
  readonly fractionRead?: () => number;
  readonly onProgress?: (percent: number) => void;
  /** Hears of every row that is rejected, not only of the first hundred. */
  readonly onFault?: (fault: ImportFault) => void;
}

export interface StartedImport {
  readonly id: string;
  /** Rejects with what `importGraph` throws; the stored import says the same. */
  readonly completion: Promise<ImportCounts>;
}

/**
 * Loads access graphs into our tables: files over HTTP or from the command line, and modules that keep their graph
 * elsewhere and synchronise it. Rows are streamed into staging tables and checked there; only the swap from staging is a
 * transaction, under the lock of the tenant's graph: all or nothing, and short.
 */
@Injectable()
export class AccessGraphService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(AccessGraphService.name);
  private readonly shutdown = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private activeCount = 0;
  private readonly audit: ImportAudit;

  constructor(
    private readonly dataSource: DataSource,
    private readonly transaction: TenantTransaction,
    @Inject(Config) private readonly config: Pick<Config, 'database'>,
    trail: AuditTrail,
    private readonly rules: AccessRules,
  ) {
    this.audit = new ImportAudit(trail);
  }

  /**
   * Imports and waits for the end.
   *
   * @throws ImportRejectedError with file and line of what is wrong
   * @throws ExcessiveRemovalError when a replace would remove too much
   * @throws ConflictError while another import of the tenant is running
   */
  async importGraph(request: ImportRequest): Promise<ImportCounts> {
    return (await this.startImport(request)).completion;
  }

  /**
   * Starts an import and leaves it running.
   *
   * @throws ConflictError while another import of the tenant is running
   * @throws RepeatedImportError when it has been started already, with the same key
   * @throws DomainError unavailable while as many imports are running as this process takes
   */
  async startImport(request: ImportRequest): Promise<StartedImport> {
    const options = { ...DEFAULT_IMPORT_OPTIONS, ...request.options };
    // Each holds a connection, and others need some too.
    if (this.activeCount >= Math.max(1, Math.floor(this.config.database.poolSize / 2))) {
      throw new DomainError('unavailable', 'The service is busy with other imports, try again shortly');
    }
    this.activeCount++;
    try {
      const session = await this.openSession(request);
      const id = await this.begin(session, request, options);
      const completion = this.run(session, id, request, options);
      this.whenSettled(completion);
      return { id, completion };
    } catch (error) {
      this.activeCount--;
      throw error;
    }
  }

  private async openSession({ tenantId, key }: ImportRequest): Promise<ImportSession> {
    try {
      return await ImportSession.open(this.dataSource, tenantId, this.config.database);
    } catch (error) {
      // The import that is running may be this very one.
      if (key && error instanceof ConflictError) {
        await this.transaction.run(tenantId, (manager) =>
          refuseUsedKey((sql, values) => manager.query(sql, [...values]), tenantId, key),
        );
      }
      throw error;
    }
  }

  private async begin(session: ImportSession, request: ImportRequest, options: ImportOptions): Promise<string> {
    try {
      return await session.transaction(async () => {
        const { tenantId, key } = request;
        if (key)
          await refuseUsedKey(async (sql, values) => (await session.query<UsedKey>(sql, values)).rows, tenantId, key);
        const parts = partsGiven(request.parts);
        const { id, died } = await beginImport(session, parts, options, request.userId);
        await this.recordDeaths(session.manager, tenantId, died);
        await this.audit.started(session.manager, request, id, options, parts);
        if (key) await session.query(KEEP_KEY, [tenantId, id, key.key, key.fingerprint]);
        return id;
      });
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  private whenSettled(completion: Promise<unknown>): void {
    const settled = completion
      .catch(() => undefined)
      .then(() => {
        this.activeCount--;
        this.running.delete(settled);
      });
    this.running.add(settled);
  }

  private async run(
    session: ImportSession,
    id: string,
    request: ImportRequest,
    options: ImportOptions,
  ): Promise<ImportCounts> {
    const progress = new ImportProgress(this.transaction, session.tenantId, id, request);
    try {
      return await this.load(session, id, request, options, progress);
    } catch (error) {
      if (!(error instanceof DomainError)) this.logger.error({ err: error, importId: id }, 'An import failed');
      await this.transaction.runApart(session.tenantId, async (manager) => {
        const failure = await failImport(manager, session.tenantId, id, error);
        if (failure) await this.audit.failed(manager, request, id, failure);
      });
      throw error;
    } finally {
      await session[Symbol.asyncDispose]();
    }
  }

  private async load(
    session: ImportSession,
    id: string,
    request: ImportRequest,
    options: ImportOptions,
    progress: ImportProgress,
  ): Promise<ImportCounts> {
    const { parts, onFault } = request;
    const startedAt = performance.now();
    const faults = new ImportFaults(onFault);
    await stage(session, parts, faults, () => {
      this.shutdown.signal.throwIfAborted();
      progress.batchRead();
    });
    faults.throwIfAny();
    await progress.reach('staged');
    const duplicates = await session.transaction(async () => {
      const ignored = await resolveStaging(session, parts, options);
      await checkStaging(session, parts, faults);
      return ignored;
    });
    faults.throwIfAny();
    this.shutdown.signal.throwIfAborted();
    await progress.reach('resolved');
    const counts = await session.transaction(async () => {
      await lockGraphBy((statement) => session.query(statement, [session.tenantId]));
      await checkRoleNames(session, parts, faults);
      faults.throwIfAny();
      const changes = await swapGraph(session, parts, options);
      const result = {
        ...changes,
        duplicates_ignored: duplicates,
        sod_violations: options.dryRun ? null : await this.brokenRules(session),
        duration_ms: Math.round(performance.now() - startedAt),
      };
      await completeImport(session, id, result);
      await this.audit.completed(session.manager, request, id, options, result);
      return result;
    });
    progress.end();
    return counts;
  }

  /** In the transaction of the swap: of the graph as it has become. */
  private async brokenRules(session: ImportSession): Promise<BrokenRuleCount[]> {
    const broken = await this.rules.violationsInTenant(session.manager, session.tenantId);
    return broken.map(({ ruleId, ruleName, userCount }) => ({
      rule_id: ruleId,
      rule_name: ruleName,
      user_count: userCount,
    }));
  }

  private async endDead(manager: EntityManager, tenantId: string): Promise<void> {
    await this.recordDeaths(manager, tenantId, await endDeadImports(manager, tenantId));
  }

  /** Nobody was there to record their end when it came. */
  private async recordDeaths(manager: EntityManager, tenantId: string, died: readonly string[]): Promise<void> {
    for (const id of died) {
      await this.audit.failed(manager, { tenantId, userId: null, actorKind: 'module' }, id, INTERRUPTED);
    }
  }

  /** Newest first. */
  async listImports(
    tenantId: string,
    page: { limit: number; offset: number },
  ): Promise<{ items: AccessImport[]; total: number }> {
    return this.transaction.run(tenantId, async (manager) => {
      await this.endDead(manager, tenantId);
      const [items, total] = await manager.findAndCount(AccessImport, {
        where: { tenantId },
        order: { createdAt: 'DESC', id: 'DESC' },
        take: page.limit,
        skip: page.offset,
      });
      return { items, total };
    });
  }

  /** @throws NotFoundError */
  async getImport(tenantId: string, id: string): Promise<AccessImport> {
    return this.transaction.run(tenantId, async (manager) => {
      await this.endDead(manager, tenantId);
      const found = await manager.findOneBy(AccessImport, { tenantId, id });
      if (!found) throw new NotFoundError('import', id);
      return found;
    });
  }

  /**
   * The import as it is when it has ended, or when the time is up. For an import that another call, perhaps of another
   * process, has started.
   *
   * @throws NotFoundError
   */
  async waitForImport(tenantId: string, id: string, milliseconds: number): Promise<AccessImport> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const found = await this.getImport(tenantId, id);
      if (found.status !== 'running' || performance.now() >= deadline) return found;
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Reading stops at once; a swap that has begun is brought to its end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort(
      new DomainError('unavailable', 'The import was stopped before its end, nothing was imported: start it again'),
    );
    await Promise.all(this.running);
  }
}

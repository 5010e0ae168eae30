import { Injectable, Logger } from '@nestjs/common';
import { AccessGraphReader } from '../../access-graph/snapshot/access-graph.reader.js';
import type { AccessSnapshot } from '../../access-graph/snapshot/access-snapshot.js';
import { DomainError } from '../../common/errors/domain.error.js';
import {
  isDatabaseContended,
  isDatabaseDiskFull,
  isDatabaseUnavailable,
  isStatementTooSlow,
} from '../../common/errors/database-unavailable.js';
import { Config } from '../../config/config.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { MiningResult } from '../../engine/index.js';
import { MiningError, MiningThreads } from '../../mining-threads/mining-threads.js';
import { CandidatesStore } from '../candidates/candidates.store.js';
import { ConsolidationSuggestionsStore } from '../consolidation/consolidation-suggestions.store.js';
import { ExcessivePrivilegesStore } from '../excessive-privileges/excessive-privileges.store.js';
import type { JobReference } from '../jobs/job-reference.js';
import { PatternsStore } from '../patterns/patterns.store.js';
import { SuspectedGrantsStore } from '../suspected-grants/suspected-grants.store.js';
import { ClaimLostError } from './claim-lost.error.js';
import { type JobClaim, JobClaims, sessionOf } from './job-claims.js';
import { JobMetrics, type JobOutcome } from './job-metrics.js';
import { JobProgress } from './job-progress.js';
import { jobSummary } from './job-summary.js';
import { miningOptionsOf } from './mining-options.js';
import { organisationOf } from './organisation-of-snapshot.js';
import { ResultRows } from './result-rows.js';
import { Stopwatch } from './stopwatch.js';

/** Carries a job from its claim to its end: claim → load → mine → save. */
@Injectable()
export class MiningRunner {
  private readonly logger = new Logger(MiningRunner.name);

  constructor(
    private readonly config: Config,
    private readonly claims: JobClaims,
    private readonly graph: AccessGraphReader,
    private readonly threads: MiningThreads,
    private readonly transaction: TenantTransaction,
    private readonly candidates: CandidatesStore,
    private readonly patterns: PatternsStore,
    private readonly excessivePrivileges: ExcessivePrivilegesStore,
    private readonly suggestions: ConsolidationSuggestionsStore,
    private readonly suspectedGrants: SuspectedGrantsStore,
    private readonly metrics: JobMetrics,
  ) {}

  /**
   * Runs a job to its end. Returns when the job has ended, whoever ended it; what the job itself is to blame for is
   * written to it as its failure.
   *
   * @param shutdown aborts when this process has to go; the job is then left for another worker
   * @throws whatever kept the job from ending: it is to be tried again, here or elsewhere
   */
  async run(reference: JobReference, shutdown: AbortSignal): Promise<void> {
    const claimed = await this.claims.claim(reference);
    if (claimed === null) return;
    const { claim, job } = claimed;
    using progress = new JobProgress(this.claims, claim);
    const { jobTimeLimitSeconds } = this.config.worker;
    const limit = AbortSignal.timeout(jobTimeLimitSeconds * 1_000);
    const signal = AbortSignal.any([progress.signal, shutdown, limit]);
    try {
      const watch = new Stopwatch();
      const snapshot = await this.graph.readSnapshot(claim.tenantId, signal);
      signal.throwIfAborted();
      progress.report('load', 1);
      watch.lap('load');

      const organisation = organisationOf(snapshot);
      const options = miningOptionsOf(job.parameters, organisation, this.config.worker);
      const result = await this.threads.mine(organisation, options, {
        signal,
        onProgress: (phase, fraction) => progress.report(phase, fraction),
        onBest: (best) => progress.reportBest(best),
      });
      watch.lap('mine');

      const rows = new ResultRows(snapshot, claim.tenantId, job.parameters.peerGroupAttribute, result.candidates);
      await this.save(claim, rows, snapshot, result, watch, signal);
      this.logger.log(`Job ${claim.jobId} completed: ${result.candidates.length} candidates`);
      this.metrics.countRun('completed');
      this.metrics.observePhases(watch);
    } catch (error) {
      const isTimeUp = signal.aborted && signal.reason === limit.reason;
      this.metrics.countRun(
        isTimeUp ? await this.failed(claim, timeUp(jobTimeLimitSeconds)) : await this.endWith(error, claim, signal),
      );
    }
  }

  /** Results first and the job's row last, in one transaction: a cancellation meanwhile is not kept waiting, and wins. */
  private async save(
    claim: JobClaim,
    rows: ResultRows,
    snapshot: AccessSnapshot,
    result: MiningResult,
    watch: Stopwatch,
    signal: AbortSignal,
  ): Promise<void> {
    const { candidates, patterns, excessivePrivileges, roleOverlaps } = result;
    // Row by row as they are written: memberships can be large, and between two statements a cancellation is heard.
    const made = function* <Found, Row>(found: readonly Found[], rowOf: (item: Found) => Row): Iterable<Row> {
      for (const item of found) {
        signal.throwIfAborted();
        yield rowOf(item);
      }
    };
    await this.transaction.run(
      claim.tenantId,
      async (manager) => {
        await this.candidates.insert(
          manager,
          claim,
          made([...candidates.keys()], (place) => rows.candidate(place)),
        );
        await this.patterns.insert(
          manager,
          claim,
          made(patterns, (pattern) => rows.pattern(pattern)),
        );
        await this.excessivePrivileges.insert(
          manager,
          claim,
          made(excessivePrivileges, (flag) => rows.excessivePrivilege(flag)),
        );
        await this.suggestions.insert(
          manager,
          claim,
          made(roleOverlaps.overlaps, (overlap) => rows.suggestion(overlap)),
        );
        await this.suspectedGrants.insert(
          manager,
          claim,
          made(rows.suspectedGrants(result.suspectedNoise), (grant) => grant),
        );
        watch.lap('save');
        await this.claims.complete(manager, claim, {
          candidateCount: candidates.length,
          excessivePrivilegeCount: excessivePrivileges.length,
          consolidationSuggestionCount: roleOverlaps.overlaps.length,
          summary: jobSummary(snapshot, result, watch),
        });
      },
      { statementTimeoutMs: this.config.database.bulkStatementTimeoutMs, signal, sessionName: sessionOf(claim) },
    );
  }

  private async endWith(error: unknown, claim: JobClaim, signal: AbortSignal): Promise<JobOutcome> {
    const reason: unknown = signal.aborted ? signal.reason : error;
    const isAway = isDatabaseUnavailable(reason);
    if (reason instanceof ClaimLostError || isParentGone(reason) || (isAway && (await this.isLost(claim)))) {
      this.logger.log(`Job ${claim.jobId} is no longer ours: cancelled, or taken over`);
      return 'lost';
    }
    if (signal.aborted || isAway || isDatabaseContended(reason)) {
      this.metrics.countRun('handed_back');
      throw reason;
    }
    this.logger.error({ err: reason }, `Job ${claim.jobId} failed`);
    return this.failed(claim, messageFor(reason));
  }

  /** Whoever takes a job over ends the connections of its earlier claim; asked, as that looks like a database gone. */
  private async isLost(claim: JobClaim): Promise<boolean> {
    return this.claims.recordProgress(claim, 0, 'load').then(
      (isOurs) => !isOurs,
      () => false,
    );
  }

  private async failed(claim: JobClaim, message: string): Promise<JobOutcome> {
    return (await this.claims.fail(claim, message)) ? 'failed' : 'lost';
  }
}

function timeUp(seconds: number): string {
  return `The job was stopped: it took longer than the ${seconds} s that a job may run (JOB_TIME_LIMIT_SECONDS)`;
}

const FOREIGN_KEY_VIOLATION = '23503';

/** The job was cancelled and deleted while its results were being inserted. */
function isParentGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION;
}

/** What an administrator can understand; the rest is in the log, where the job's id finds it. */
function messageFor(error: unknown): string {
  if (error instanceof DomainError || error instanceof MiningError) return error.message;
  if (isDatabaseDiskFull(error)) return 'The results could not be saved: the database has no room left on its disk';
  if (isStatementTooSlow(error)) {
    return 'A statement took longer than the database allows a job (DATABASE_BULK_STATEMENT_TIMEOUT_MS)';
  }
  return 'An internal error stopped the job; the service log has the details under the job id';
}

import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../common/errors/domain.error.js';
import { Config } from '../../config/config.js';
import { JobQueue, type Standstill } from '../jobs/job-queue.js';
import { JobChangeNotices } from './job-change-notices.js';
import { type JobState, JobStateReader } from './job-state.js';

const RETRY_MS = 1_000;
/** A worker that is gone changes no row: whether one is, is asked so often, for all tenants at once. */
const STANDSTILL_INTERVAL_MS = 2_000;

export interface JobFollower {
  /** What the job is like, at least whenever that has changed; null: there is nothing more to come. */
  tell(state: JobState | null): void;
  /** From time to time, whether or not anything has changed. */
  beat(): void;
}

/** A tenant's followed jobs. */
interface FollowedTenant {
  readonly followers: Map<string, Set<JobFollower>>;
  /** Jobs to be read. */
  readonly changed: Set<string>;
  isReading: boolean;
}

function newTenant(): FollowedTenant {
  return { followers: new Map(), changed: new Set(), isReading: false };
}

/**
 * Everybody in this process who follows a job. A changed job is read once for all of its followers; a tenant's jobs that
 * change while it is read are read together next, so there is never more than one query per tenant at a time.
 */
@Injectable()
export class JobFollowers implements BeforeApplicationShutdown {
  private readonly tenants = new Map<string, FollowedTenant>();
  private readonly heartbeatMs: number;
  private readonly limit: number;
  private readonly logger = new Logger(JobFollowers.name);
  private heartbeat: NodeJS.Timeout | null = null;
  private standstillTimer: NodeJS.Timeout | null = null;
  private standstill: Standstill | null = null;
  /** Settles when the connection that listened is closed. */
  private asleep: Promise<void> = Promise.resolve();
  private count = 0;
  private isClosing = false;

  constructor(
    config: Config,
    private readonly notices: JobChangeNotices,
    private readonly reader: JobStateReader,
    private readonly queue: JobQueue,
  ) {
    this.heartbeatMs = config.events.heartbeatSeconds * 1000;
    this.limit = config.events.maxStreams;
  }

  /** Open streams of this process. */
  get size(): number {
    return this.count;
  }

  /** @throws DomainError when there is no room for one more follower in this process, or the process is shutting down */
  requireRoom(): void {
    if (this.isClosing) throw new DomainError('unavailable', 'This process is shutting down, try again');
    if (this.count >= this.limit) {
      throw new DomainError(
        'too_many_requests',
        `This process has ${this.limit} open streams and takes no more of them`,
      );
    }
  }

  /**
   * Tells the follower soon what the job is like, and from then on.
   *
   * @returns ends it
   */
  follow(tenantId: string, jobId: string, follower: JobFollower): () => void {
    if (this.isClosing) {
      follower.tell(null);
      return () => undefined;
    }
    const tenant = this.tenants.get(tenantId) ?? newTenant();
    this.tenants.set(tenantId, tenant);
    const ofJob = tenant.followers.get(jobId) ?? new Set<JobFollower>();
    tenant.followers.set(jobId, ofJob.add(follower));
    if (this.count++ === 0) this.wake();
    this.lookAt(tenantId, tenant, [jobId]);
    return () => {
      if (!ofJob.delete(follower)) return;
      if (ofJob.size === 0) tenant.followers.delete(jobId);
      if (tenant.followers.size === 0 && this.tenants.get(tenantId) === tenant) this.tenants.delete(tenantId);
      if (--this.count === 0) this.sleep();
    };
  }

  /** Ends all streams: the HTTP server waits for open answers before it closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    for (const { followers } of [...this.tenants.values()]) {
      for (const ofJob of [...followers.values()]) for (const follower of [...ofJob]) follower.tell(null);
    }
    await this.asleep;
  }

  private wake(): void {
    this.notices.start((jobId) => this.noticed(jobId));
    this.heartbeat = setInterval(() => this.beat(), this.heartbeatMs).unref();
    this.standstillTimer = setInterval(() => void this.lookForStandstill(), STANDSTILL_INTERVAL_MS).unref();
  }

  private sleep(): void {
    if (this.heartbeat) clearInterval(this.heartbeat);
    if (this.standstillTimer) clearInterval(this.standstillTimer);
    this.heartbeat = this.standstillTimer = this.standstill = null;
    this.asleep = this.notices.stop();
  }

  private beat(): void {
    for (const { followers } of this.tenants.values()) {
      for (const ofJob of followers.values()) for (const follower of ofJob) follower.beat();
    }
  }

  /** Ids are unique within a tenant only: whoever follows a job of that id is meant. */
  private noticed(jobId: string | null): void {
    for (const [tenantId, tenant] of this.tenants) {
      if (jobId === null) this.lookAt(tenantId, tenant, tenant.followers.keys());
      else if (tenant.followers.has(jobId)) this.lookAt(tenantId, tenant, [jobId]);
    }
  }

  private async lookForStandstill(): Promise<void> {
    const before = this.standstill;
    // Without the database nothing is known, and nobody would get to hear it.
    const now = await this.queue.standstill().catch(() => before);
    if (this.standstillTimer === null || now === null) return;
    this.standstill = now;
    if (now.hasWorker !== before?.hasWorker) return this.noticed(null);
    const [lost, known] = [new Set(now.lostJobIds), new Set(before.lostJobIds)];
    for (const jobId of lost) if (!known.has(jobId)) this.noticed(jobId);
    for (const jobId of known) if (!lost.has(jobId)) this.noticed(jobId);
  }

  private lookAt(tenantId: string, tenant: FollowedTenant, jobIds: Iterable<string>): void {
    for (const jobId of jobIds) tenant.changed.add(jobId);
    if (!tenant.isReading) void this.readChanged(tenantId, tenant);
  }

  private async readChanged(tenantId: string, tenant: FollowedTenant): Promise<void> {
    tenant.isReading = true;
    while (tenant.changed.size > 0) {
      const jobIds = [...tenant.changed].filter((jobId) => tenant.followers.has(jobId));
      tenant.changed.clear();
      if (jobIds.length === 0) break;
      try {
        const states = await this.reader.read(tenantId, jobIds);
        for (const jobId of jobIds) {
          for (const follower of [...(tenant.followers.get(jobId) ?? [])]) follower.tell(states.get(jobId) ?? null);
        }
      } catch (error) {
        this.logger.warn({ err: error }, 'Followed jobs could not be read, which is tried again');
        for (const jobId of jobIds) tenant.changed.add(jobId);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
    tenant.isReading = false;
  }
}

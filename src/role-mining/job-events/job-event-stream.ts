import { Readable } from 'node:stream';
import { jobEventToText } from './job-event.mapper.js';
import type { JobFollower } from './job-followers.js';
import { hasEnded, type JobState } from './job-state.js';

/** How long a browser waits before it opens a broken stream again. */
const RETRY_MS = 2_000;
/** The longest time that a timer takes; a token that lives longer has its stream ended early, and resumed. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The events of a job as the body of an answer: each state once, none older than the one before. To a client that reads
 * slowly only the latest state is kept, so that it costs no memory. Follows from when it is first read to when it is
 * destroyed, as it is when the client goes away.
 */
export class JobEventStream extends Readable implements JobFollower {
  private latest: JobState | null;
  /** What the client has been told of why the job waits. */
  private knownReason: JobState['waitingReason'];
  private isFull = false;
  private isOver = false;
  private stopFollowing: (() => void) | null = null;
  private expiry: NodeJS.Timeout | null = null;

  /**
   * @param known the revision that the client knows
   * @param expiresAt when the stream has to end, seconds since 1970
   * @param follow begins to tell, and gives how to end that
   */
  constructor(
    first: JobState,
    private known: number,
    private readonly expiresAt: number,
    private readonly follow: (follower: JobFollower) => () => void,
  ) {
    super();
    this.latest = first;
    // Whoever knows the revision of a job that nobody has claimed knows that it waits. That its worker is lost is in no revision.
    this.knownReason = first.claimId === null ? first.waitingReason : null;
  }

  tell(state: JobState | null): void {
    if (state === null) {
      this.end();
    } else if (state.revision === this.latest?.revision) {
      // Still to be sent, now as this.
      this.latest = state;
    } else if (state.revision >= (this.latest?.revision ?? this.known)) {
      this.latest = state;
      this.send();
    }
  }

  beat(): void {
    if (!this.isFull) this.write(': alive\n\n');
  }

  override _read(): void {
    this.isFull = false;
    if (this.expiry === null) this.begin();
    this.send();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.isOver = true;
    if (this.expiry) clearTimeout(this.expiry);
    this.stopFollowing?.();
    callback(error);
  }

  private begin(): void {
    const untilExpiry = Math.min(MAX_TIMER_MS, Math.max(0, this.expiresAt * 1000 - Date.now()));
    this.expiry = setTimeout(() => this.end(), untilExpiry).unref();
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.stopFollowing = this.follow(this);
  }

  private send(): void {
    const state = this.latest;
    if (state === null || this.isFull) return;
    this.latest = null;
    if (this.isNews(state)) {
      this.known = state.revision;
      this.knownReason = state.waitingReason;
      this.write(jobEventToText(state));
    }
    if (hasEnded(state)) this.end();
  }

  private isNews({ revision, waitingReason }: JobState): boolean {
    return revision > this.known || (revision === this.known && waitingReason !== this.knownReason);
  }

  private write(text: string): void {
    if (!this.isOver) this.isFull = !this.push(text);
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.push(null);
    this.stopFollowing?.();
  }
}

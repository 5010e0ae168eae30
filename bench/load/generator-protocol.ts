import type { LoadRequest } from './profile.js';

/** What the process that makes the load is asked for. */
export interface LoadOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: readonly LoadRequest[];
  readonly seconds: number;
  /** Of an open loop; null sends whatever is answered (closed loop). */
  readonly perSecond: number | null;
}

export interface LoadOutcome {
  readonly perSecond: number;
  /** When it began, milliseconds since 1970; the arrivals of an open loop count from then. */
  readonly beganAt: number;
  /** Milliseconds; in an open loop from when the request was due, in the order of arrival. */
  readonly latencies: readonly number[];
  /** Answers other than 2xx, broken connections, time-outs. */
  readonly errors: number;
  /** An open loop's requests were sent so many milliseconds late, 99th percentile: the generator's own share. */
  readonly lateness: number;
}

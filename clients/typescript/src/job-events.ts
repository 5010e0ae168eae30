import type { components } from './api.js';
import { readEvents } from './event-stream.js';
import { ProblemError } from './problem-error.js';
import { wait } from './repeating-fetch.js';

export type JobEvent = components['schemas']['JobEventDto'];

/** How a job's stream is opened, from after the event that is known already. */
type Open = (lastEventId: string | null) => Promise<Response>;

/** A stream that never brought anything again and again is given up. */
const ATTEMPTS = 5;
const PAUSE_MS = 1000;

/**
 * The events of a job until it has ended. A stream that ends before (the process was stopped, the token has run out) is
 * opened again where it was.
 *
 * @throws ProblemError when the service refuses to open it
 */
export async function* followJob(open: Open, signal?: AbortSignal): AsyncGenerator<JobEvent> {
  let lastEventId: string | null = null;
  for (let attempt = 1; ; attempt++) {
    try {
      const { status, body } = await open(lastEventId);
      if (status === 204 || body === null) return;
      for await (const { id, type, data } of readEvents(body)) {
        attempt = 0;
        lastEventId = id;
        yield JSON.parse(data) as JobEvent;
        if (type === 'ended') return;
      }
    } catch (error) {
      if (error instanceof ProblemError || signal?.aborted === true || attempt >= ATTEMPTS) throw error;
    }
    await wait(PAUSE_MS, signal);
  }
}

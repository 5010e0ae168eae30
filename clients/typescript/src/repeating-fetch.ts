/** The service, or a gateway before it, asks to come back later. */
const COME_BACK: readonly number[] = [429, 502, 503, 504];
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

type Fetch = (request: Request) => Promise<Response>;

/**
 * Sends a request again, at most `retries` times, when it got no answer or was asked to come back, after what `Retry-After`
 * says or else ever longer. Only what may be sent twice: reads, and changes with an `Idempotency-Key`. Files are not,
 * because their bodies would have to be kept.
 */
export function repeatingFetch(fetch: Fetch, retries: number): Fetch {
  return async (request) => {
    for (let attempt = 0; ; attempt++) {
      if (attempt === retries || !mayRepeat(request)) return fetch(request);
      const response = await fetch(request.clone()).catch((error: unknown) => {
        if (request.signal.aborted) throw error;
        return null;
      });
      if (response !== null && !COME_BACK.includes(response.status)) return response;
      await response?.body?.cancel();
      await wait(waitOf(response, attempt), request.signal);
    }
  };
}

function mayRepeat({ method, headers }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return headers.has('Idempotency-Key') && headers.get('Content-Type')?.startsWith('multipart/') !== true;
}

function waitOf(response: Response | null, attempt: number): number {
  const seconds = Number(response?.headers.get('Retry-After') ?? Number.NaN);
  return Math.min(Number.isFinite(seconds) ? seconds * 1000 : FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
}

export function wait(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

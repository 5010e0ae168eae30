import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 15;

/** Asks until the answer is neither null nor false, and gives it. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | false> | T | null | false,
  timeoutMs = 180_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Not seen within ${timeoutMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}

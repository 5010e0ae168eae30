import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes all texts as fast as they are taken, and ends the stream; it destroys it with the error when a text cannot be had.
 * Whoever takes nothing for `patienceMs` is given up: something is held open for it.
 *
 * @throws what the texts throw; an error ERR_STREAM_PREMATURE_CLOSE when the other side has gone; an AbortError when it
 * was given up
 */
export async function pour(texts: AsyncIterable<string>, output: Writable, patienceMs: number): Promise<void> {
  const givenUp = new AbortController();
  async function* watched(): AsyncGenerator<string> {
    for await (const text of texts) {
      const timer = setTimeout(() => givenUp.abort(), patienceMs);
      try {
        yield text; // comes back when there is room for more
      } finally {
        clearTimeout(timer);
      }
    }
  }
  await pipeline(watched, output, { signal: givenUp.signal });
}

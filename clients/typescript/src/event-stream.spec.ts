import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readEvents, type ServerEvent } from './event-stream.js';

const STREAM = `
retry: 2000
: a comment

event: progress
id: 7
data: {"name":"Müller"}

: alive

data: two
data:lines

event: without data

id: 9
data: cut off`;

async function read(pieces: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

describe('the reader of event streams', () => {
  it('gives whole events, and nothing for comments and what is cut off, wherever the bytes are split', async () => {
    const bytes = new TextEncoder().encode(STREAM);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length })), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(await read(pieces)).toEqual([
          { id: '7', type: 'progress', data: '{"name":"Müller"}' },
          { id: null, type: 'message', data: 'two\nlines' },
        ]);
      }),
    );
  });

  it('gives nothing for an empty stream', async () => {
    expect(await read([])).toEqual([]);
  });
});

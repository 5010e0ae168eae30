/** An event as it arrives; `data` is what its lines say. */
export interface ServerEvent {
  readonly id: string | null;
  readonly type: string;
  readonly data: string;
}

/**
 * Events of a `text/event-stream` (WHATWG HTML, "Server-sent events"), as far as this service writes it: comments and
 * `retry` are skipped, and so is an event that has no data or is cut off.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let fields = new Map<string, string>();
  for await (const line of linesOf(body)) {
    if (line === '') {
      const data = fields.get('data');
      if (data !== undefined) yield { id: fields.get('id') ?? null, type: fields.get('event') ?? 'message', data };
      fields = new Map();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue; // A comment: the heartbeat.
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    const earlier = name === 'data' ? fields.get(name) : undefined;
    fields.set(name, earlier === undefined ? value : `${earlier}\n${value}`);
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

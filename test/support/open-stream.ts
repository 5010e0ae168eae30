import { readEvents, type ServerEvent } from '../../clients/typescript/src/event-stream.js';

/** A stream of server-sent events as a client reads it. */
export interface OpenStream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event with its data read, null at the end of the stream. */
  next(): Promise<{ id: number; type: string; data: Record<string, unknown> } | null>;
  /** All that are still to come. */
  rest(): Promise<{ id: number; type: string; data: Record<string, unknown> }[]>;
  /** Goes away without a word. */
  close(): void;
}

export async function openStream(
  service: { readonly url: string },
  path: string,
  headers: Record<string, string> = {},
): Promise<OpenStream> {
  const controller = new AbortController();
  const response = await fetch(service.url + path, { headers, signal: controller.signal });
  const events: AsyncIterator<ServerEvent> = readEvents(response.body ?? new Blob([]).stream());
  const next: OpenStream['next'] = async () => {
    const result = await events.next();
    if (result.done === true) return null;
    const value: ServerEvent = result.value;
    return { id: Number(value.id), type: value.type, data: JSON.parse(value.data) as Record<string, unknown> };
  };
  return {
    status: response.status,
    headers: response.headers,
    next,
    rest: () => restOf(next),
    close: () => controller.abort(),
  };
}

/** All events until the end. */
export async function restOf(next: OpenStream['next']): ReturnType<OpenStream['rest']> {
  const all = [];
  for (let event = await next(); event !== null; event = await next()) all.push(event);
  return all;
}

import { connect } from 'node:net';

/** What came back on one connection until the server hung up or fell silent. */
export interface RawAnswer {
  /** Every status line's status, in order: more than one says that more than one request was seen. */
  readonly statuses: readonly number[];
  readonly text: string;
  readonly isClosed: boolean;
  readonly milliseconds: number;
}

/**
 * Sends bytes as they are and collects what comes back. `pieces` go out one by one, `everyMs` apart.
 *
 * @param quietMs how long without a byte counts as the end of an answer on a connection that stays open
 */
export function sendRaw(
  url: string,
  pieces: string | Iterable<string>,
  { everyMs = 0, quietMs = 300, timeoutMs = 10_000 }: { everyMs?: number; quietMs?: number; timeoutMs?: number } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const rest = (typeof pieces === 'string' ? [pieces] : pieces)[Symbol.iterator]();
    let text = '';
    let isClosed = false;
    let quiet: NodeJS.Timeout | undefined;
    let next: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(quiet);
      clearTimeout(next);
      clearTimeout(limit);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
      resolve({ statuses, text, isClosed, milliseconds: performance.now() - began });
    };
    const limit = setTimeout(end, timeoutMs);
    const sendNext = (): void => {
      const piece = rest.next();
      if (piece.done === true || socket.destroyed) return;
      socket.write(piece.value, 'latin1');
      if (everyMs > 0) next = setTimeout(sendNext, everyMs);
      else sendNext();
    };
    socket.on('connect', sendNext);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(end, quietMs);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      isClosed = true;
      end();
    });
  });
}

/** A request as text; a header may be given as often as wanted. */
export function requestText(
  line: string,
  headers: readonly (readonly [name: string, value: string])[] = [],
  body = '',
): string {
  return [line, 'Host: localhost', ...headers.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

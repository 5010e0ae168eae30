import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorCode } from '../error-code.js';

const REFUSALS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [431, 'The path and the headers of the request are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the body are too large'],
};
const UNREADABLE = [400, 'The request is not readable as HTTP/1.1'] as const;

/**
 * Answers what Node could not read as a request, or not in time, and hangs up. There is no request and no reply yet, so
 * the problem document is written as bytes.
 */
export function answerClientError(error: Error, socket: Socket): void {
  // `_httpMessage` is an answer that has begun: anything written now would be read as a part of it.
  const begun = (socket as Socket & { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent === true;
  if (errorCode(error) !== 'ECONNRESET' && socket.writable && !begun) {
    const [status, detail] = REFUSALS[errorCode(error) ?? ''] ?? UNREADABLE;
    const title = STATUS_CODES[status] ?? 'Error';
    const problem = { type: 'about:blank', title, status, detail, message: detail, instance: '/' };
    const body = JSON.stringify(
      status === 400 ? { errors: [{ field: 'request', message: detail }], ...problem } : problem,
    );
    socket.write(
      [
        `HTTP/1.1 ${status} ${title}`,
        'Connection: close',
        'Content-Type: application/problem+json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${randomUUID()}`,
        'X-Content-Type-Options: nosniff',
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroy(error);
}

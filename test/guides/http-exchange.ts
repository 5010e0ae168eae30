import { STATUS_CODES } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Names, WrongStatementError } from './statement.js';

/** Before a request that is to be sent again until the answer is the stated one: the reader waits for something. */
const REPEAT = '# Repeat until this is the answer';
const REPEAT_FOR_MS = 30_000;
const REPEAT_EVERY_MS = 50;

interface HttpMessage {
  /** Request line or status line. */
  readonly start: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Sends a request as the reader has it in an .http file, and checks the answer against the stated one; without one it has
 * to be a success.
 *
 * @param token sent when the request says nothing about authorization
 * @param folder of the files that the body includes by lines of `< ./name`
 * @throws WrongStatementError
 */
export async function exchange(
  request: string,
  answer: string | null,
  { names, token, folder }: { names: Names; token: string | null; folder: string },
): Promise<void> {
  const message = readMessage(names.fill(request));
  const attempt = async (): Promise<void> => check(answer, await send(message, token, folder), names);
  if (!request.includes(REPEAT)) return attempt();
  const deadline = performance.now() + REPEAT_FOR_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, REPEAT_EVERY_MS));
    }
  }
}

/** Comments are left out, and lines that begin with white space continue the first one. */
function readMessage(text: string): HttpMessage {
  const [head, ...rest] = text.split(/\n\n/);
  const lines = head.split('\n').filter((line) => !line.startsWith('#'));
  const isContinued = (line: string): boolean => /^\s/.test(line);
  const [first, ...others] = lines;
  const start = [first, ...others.filter(isContinued).map((line) => line.trim())].join('');
  const headers: [string, string][] = [];
  for (const line of others.filter((other) => !isContinued(other))) {
    const [, name, value] = /^([\w-]+): *(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new WrongStatementError(`"${line}" is no header`);
    headers.push([name, value]);
  }
  return { start, headers, body: rest.join('\n\n') };
}

async function send({ start, headers, body }: HttpMessage, token: string | null, folder: string): Promise<Received> {
  const [, method, url] = /^([A-Z]+) (\S+)$/.exec(start) ?? [];
  if (method === undefined) throw new WrongStatementError(`"${start}" is no request`);
  const sent = new Headers(headers as [string, string][]);
  if (token !== null && !sent.has('Authorization')) sent.set('Authorization', `Bearer ${token}`);
  const included = body.replaceAll(/^< \.\/(.+)$/gm, (_, name: string) => readFileSync(join(folder, name), 'utf8'));
  const isMultipart = sent.get('Content-Type')?.startsWith('multipart/') === true;
  const response = await fetch(url, {
    method,
    headers: sent,
    body: included === '' ? undefined : isMultipart ? included.replaceAll(/\r?\n/g, '\r\n') : included,
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

function check(answer: string | null, received: Received, names: Names): void {
  const statusLine = `HTTP/1.1 ${received.status} ${STATUS_CODES[received.status]}`;
  if (answer === null) {
    if (received.status < 300) return;
    throw new WrongStatementError(`The answer is ${statusLine}\n${received.body}`);
  }
  const stated = readMessage(answer);
  if (stated.start !== statusLine) {
    throw new WrongStatementError(`The answer is ${statusLine}\n${received.body}\nand not ${stated.start}`);
  }
  for (const [name, value] of stated.headers) names.checkText(value, received.headers.get(name) ?? '', name);
  if (stated.body === '') return;
  if (!received.headers.get('Content-Type')?.includes('json')) {
    return names.checkText(stated.body.trim(), received.body.trim().replaceAll('\r\n', '\n'), 'The answer');
  }
  names.checkJson(stated.body, JSON.parse(received.body));
}

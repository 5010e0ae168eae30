import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { CompiledService } from '../compiled-service.js';
import { Chance } from './chance.js';
import { ApiDocument, type RawDocument } from './document.js';
import { type FuzzRequest, RequestMaker } from './requests.js';
import { Stock } from './stock.js';

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  /** Told now and then how many requests have been made. */
  readonly onProgress?: (made: number) => void;
}

export interface RouteTally {
  readonly route: string;
  readonly statuses: Map<number, number>;
  slowestMs: number;
}

export interface FuzzReport {
  readonly seed: number;
  readonly requests: number;
  readonly forbidden: number;
  readonly seconds: number;
  readonly routes: readonly RouteTally[];
  /** One sentence for each fault, with the request that showed it. */
  readonly faults: readonly string[];
  readonly residentMiB: readonly [before: number | null, after: number | null];
}

const CONCURRENCY = 4;
const REQUEST_TIMEOUT_MS = 30_000;
const REPLENISH_EVERY = 500;
const MOST_FAULTS = 50;
/** What an answer must never have in it: stacks, SQL, files of the program. */
const LEAKS = /\bat [^"]*\.(js|ts):\d+|node_modules|\/dist\/|SELECT .* FROM|violates .* constraint|relation \\"/;

/** Calls every route of the service's own OpenAPI document, and judges every answer by it. */
export async function runFuzz(service: CompiledService, options: FuzzOptions): Promise<FuzzReport> {
  const began = performance.now();
  const response = await fetch(`${service.url}/openapi.json`);
  const document = new ApiDocument((await response.json()) as RawDocument);
  const stock = new Stock(service.url);
  const uploads = new Stock(service.url);
  await stock.replenish();
  const before = await service.residentMiB();
  const tallies = new Map(
    document.operations.map(({ id, method, path }): [string, RouteTally] => [
      id,
      { route: `${method} ${path}`, statuses: new Map(), slowestMs: 0 },
    ]),
  );
  const faults: string[] = [];
  let forbidden = 0;
  let made = 0;
  // One at a time makes new stock, the others go on.
  let replenishing: Promise<void> | null = null;

  const work = async (): Promise<void> => {
    while (made < options.requests && faults.length < MOST_FAULTS) {
      const number = made++;
      if (number % REPLENISH_EVERY === REPLENISH_EVERY - 1) {
        replenishing ??= stock.replenish().finally(() => (replenishing = null));
        await replenishing;
        options.onProgress?.(made);
      }
      const chance = new Chance(options.seed * 1_000_003 + number);
      const operation = document.operations[number % document.operations.length];
      // Imports replace all there is: they get a tenant of their own.
      const objects = operation.isUpload ? uploads : stock;
      const request = new RequestMaker(document, objects).make(chance, operation);
      if (request.forbidden !== null) forbidden += 1;
      const fault = await tryRequest(service.url, request, objects, tallies.get(operation.id));
      if (fault !== null) faults.push(`#${number}: ${fault}\n    ${shown(request)}`);
      if (service.hasEnded) {
        faults.push('The service has ended');
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  faults.push(...faultsOfLog(service.log, stock.token));
  return {
    seed: options.seed,
    requests: made,
    forbidden,
    seconds: (performance.now() - began) / 1000,
    routes: [...tallies.values()],
    faults,
    residentMiB: [before, service.hasEnded ? null : await service.residentMiB()],
  };
}

async function tryRequest(
  url: string,
  request: FuzzRequest,
  stock: Stock,
  tally: RouteTally | undefined,
): Promise<string | null> {
  const { operation, path, headers, body } = request;
  const began = performance.now();
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    response = await fetch(url + path, { method: operation.method, headers, body, signal });
    text = await response.text();
  } catch (error) {
    // A body that is too large is refused while it is still being sent: the connection may break before the answer is read.
    if (body instanceof Uint8Array && body.length > 1 << 20) return null;
    return `no answer: ${inspect(error)}`;
  }
  const milliseconds = performance.now() - began;
  const { status } = response;
  if (tally !== undefined) {
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    tally.slowestMs = Math.max(tally.slowestMs, milliseconds);
  }
  let answer: unknown;
  try {
    answer = text === '' ? null : JSON.parse(text);
  } catch {
    return `${status} is no JSON: ${text.slice(0, 200)}`;
  }
  if (status >= 500) return `${status}: ${text.slice(0, 300)}`;
  if (LEAKS.test(text)) return `${status} tells of the inside: ${text.slice(0, 300)}`;
  if (response.headers.get('X-Request-Id') === null) return `${status} has no X-Request-Id`;
  if (status < 300) {
    if (request.forbidden !== null) return `${status} although the document forbids ${request.forbidden}`;
    if (operation.method === 'DELETE') stock.forget(path.split('/').at(-1) ?? '');
    stock.learn(path, answer);
  }
  await delay(0);
  return operation.faultOfAnswer(status, response.headers.get('Content-Type'), answer);
}

/** The log of a run without faults has no errors in it, and never a token. */
function faultsOfLog(log: string, token: string): string[] {
  const faults = log
    .split('\n')
    .filter((line) => /"level":[56]0/.test(line))
    .map((line) => `An error in the log: ${line}`);
  return log.includes(token.split('.')[2]) ? [...faults, 'The log has a token in it'] : faults;
}

function shown({ operation, path, headers, body }: FuzzRequest): string {
  const others = { ...headers, Authorization: undefined };
  const text =
    body instanceof FormData ? 'multipart' : body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : body;
  return `${operation.method} ${path.slice(0, 400)} ${JSON.stringify(others)} ${JSON.stringify(text ?? '').slice(0, 600)}`;
}

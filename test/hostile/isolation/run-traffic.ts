import type { CompiledService } from '../compiled-service.js';
import { Chance } from '../fuzz/chance.js';
import { ApiDocument, type RawDocument } from '../fuzz/document.js';
import { type FuzzRequest, RequestMaker } from '../fuzz/requests.js';
import { Stock } from '../fuzz/stock.js';

export interface TrafficReport {
  readonly seconds: number;
  /** Answers that were looked at, and how many of them were to requests with the other tenant's ids. */
  readonly answers: number;
  readonly trespasses: number;
  /** Ids that answers have had in them, each of one tenant. */
  readonly ids: number;
  readonly faults: readonly string[];
}

export interface TrafficOptions {
  readonly seed: number;
  /** It ends with whichever comes first. */
  readonly seconds?: number;
  readonly answers?: number;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const WORKERS_PER_TENANT = 3;
/** Share of the requests in which a tenant uses the other's ids. */
const TRESPASSING = 0.3;
const NO_ID = '00000000-0000-0000-0000-000000000000';

interface Party {
  readonly stock: Stock;
  readonly requests: RequestMaker;
}

/**
 * Two tenants with the same external ids call every route at the same time, also with ids that belong to the other. An id
 * that an answer has in it, and that the request had not, belongs to the tenant that was answered: when the other one is
 * ever told the same, that is a leak. Nobody has to know beforehand which ids there are.
 */
export async function runTraffic(
  service: CompiledService,
  { seed, seconds = Infinity, answers: wanted = Infinity }: TrafficOptions,
): Promise<TrafficReport> {
  const response = await fetch(`${service.url}/openapi.json`);
  const document = new ApiDocument((await response.json()) as RawDocument);
  const parties = [0, 1].map((): Party => {
    const stock = new Stock(service.url);
    return { stock, requests: new RequestMaker(document, stock) };
  });
  const owners = new Map<string, Stock>();
  const sentBefore = new Map(parties.map(({ stock }) => [stock, new Set<string>()]));
  const faults: string[] = [];
  let answers = 0;
  let trespasses = 0;
  for (const { stock } of parties) await stock.replenish();
  const began = performance.now();
  const deadline = began + seconds * 1000;

  const check = (request: FuzzRequest, caller: Stock, status: number, text: string): void => {
    const sent = new Set(idsIn(request.path + bodyText(request)));
    const before = sentBefore.get(caller);
    for (const id of sent) before?.add(id);
    // The audit trail tells a tenant what it tried and was refused: with the other's id, if it has used that.
    const isTrail = request.operation.id.startsWith('AuditEvents');
    for (const id of idsIn(text)) {
      if (sent.has(id) || id === NO_ID || (isTrail && before?.has(id))) continue;
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, caller);
      else if (owner !== caller) faults.push(`${describe(request)} told ${id} of the other tenant, with ${status}`);
    }
  };
  const call = async (number: number, caller: Party, other: Party): Promise<void> => {
    const chance = new Chance(seed * 1_000_003 + number);
    const operation = chance.pick(document.operations);
    const isTrespass = chance.happens(TRESPASSING) && !operation.isUpload;
    const made = (isTrespass ? other : caller).requests.make(chance, operation);
    const request = { ...made, headers: { ...made.headers, Authorization: `Bearer ${caller.stock.token}` } };
    const { status, text, location } = await send(service.url, request);
    answers += 1;
    check(request, caller.stock, status, text + location);
    if (status >= 500) faults.push(`${describe(request)} was answered ${status}: ${text.slice(0, 200)}`);
    if (isTrespass) {
      trespasses += 1;
      const isOthers = operation.path.includes('{') && other.stock.owns(made.path);
      if (isOthers && status < 300) faults.push(`${describe(request)} succeeded on the other tenant's object`);
    } else if (status < 300 && text !== '') {
      caller.stock.learn(made.path, JSON.parse(text));
    }
  };
  const work = async (caller: Party, other: Party, first: number): Promise<void> => {
    for (
      let number = first;
      performance.now() < deadline && answers < wanted && faults.length < 20;
      number += 2 * WORKERS_PER_TENANT
    ) {
      await call(number, caller, other);
    }
  };
  const [a, b] = parties;
  await Promise.all(
    Array.from({ length: WORKERS_PER_TENANT }, (_, at) => [work(a, b, 2 * at), work(b, a, 2 * at + 1)]).flat(),
  );
  return { seconds: (performance.now() - began) / 1000, answers, trespasses, ids: owners.size, faults };
}

async function send(url: string, request: FuzzRequest): Promise<{ status: number; text: string; location: string }> {
  const { operation, path, headers, body } = request;
  try {
    const signal = AbortSignal.timeout(30_000);
    const response = await fetch(url + path, { method: operation.method, headers, body, signal });
    return { status: response.status, text: await response.text(), location: response.headers.get('Location') ?? '' };
  } catch (error) {
    // Refused while it was being sent: see the fuzzing of bodies that are too large.
    if (body instanceof Uint8Array && body.length > 1 << 20) return { status: 413, text: '', location: '' };
    throw error;
  }
}

function idsIn(text: string): string[] {
  return (text.match(UUID) ?? []).map((id) => id.toLowerCase());
}

function bodyText({ body }: FuzzRequest): string {
  if (body instanceof FormData || body === undefined) return '';
  return typeof body === 'string' ? body : Buffer.from(body).toString('latin1');
}

function describe({ operation, path }: FuzzRequest): string {
  return `${operation.method} ${path.slice(0, 300)}`;
}

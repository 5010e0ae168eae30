import createFetchClient, { type MaybeOptionalInit } from 'openapi-fetch';
import type { components, paths } from './api.js';
import { followJob, type JobEvent } from './job-events.js';
import { ProblemError } from './problem-error.js';
import { repeatingFetch } from './repeating-fetch.js';

export interface ClientOptions {
  /** Where the service is published, with the gateway's path if there is one. */
  readonly baseUrl: string;
  /** A bearer token, or what gives the one that is good now: it is asked before every call. */
  readonly token: string | (() => string | Promise<string>);
  /** How often a call that got no answer, or is asked to come back, is sent again. 2 unless said otherwise. */
  readonly retries?: number;
  /** Ends all calls. */
  readonly signal?: AbortSignal;
  /** Instead of the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

type Method = 'get' | 'post' | 'delete';
/** The paths that a method is for. */
export type PathsOf<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends { [key in M]: object } ? Path : never;
}[keyof paths];
type Options<M extends Method, Path extends PathsOf<M>> = MaybeOptionalInit<paths[Path], M>;
/** Parameters, body, headers, signal; optional where nothing in them is required. */
export type Init<M extends Method, Path extends PathsOf<M>> =
  undefined extends Options<M, Path> ? [init?: Options<M, Path>] : [init: Options<M, Path>];
type Json<Responses> = {
  [Status in keyof Responses]: Responses[Status] extends { content: { 'application/json': infer Body } } ? Body : never;
}[keyof Responses];
/** What a call is answered when it succeeds. */
export type Answer<M extends Method, Path extends PathsOf<M>> = paths[Path] extends {
  [key in M]: { responses: infer Responses };
}
  ? Json<Responses>
  : never;

/** The lists, which come in pages. */
export type ListPath = {
  [Path in PathsOf<'get'>]: Answer<'get', Path> extends { items: unknown[]; total: number } ? Path : never;
}[PathsOf<'get'>];
export type ItemOf<Path extends ListPath> = Answer<'get', Path> extends { items: (infer Item)[] } ? Item : never;

/** The lists that come as a file as well. */
export type ExportPath = {
  [Path in ListPath]: paths[Path]['get'] extends { parameters: { query?: { format?: unknown } } } ? Path : never;
}[ListPath];
export type ExportFormat = Exclude<components['schemas']['ListFormat'], 'json'>;

/** Calls reject with a `ProblemError` for every answer but 2xx. */
export interface RoleMiningClient {
  get<Path extends PathsOf<'get'>>(path: Path, ...init: Init<'get', Path>): Promise<Answer<'get', Path>>;
  /** Sends an `Idempotency-Key` of its own unless one is given, so that sending again is safe. */
  post<Path extends PathsOf<'post'>>(path: Path, ...init: Init<'post', Path>): Promise<Answer<'post', Path>>;
  /** As `post`; undefined when the answer has no body. */
  delete<Path extends PathsOf<'delete'>>(
    path: Path,
    ...init: Init<'delete', Path>
  ): Promise<Answer<'delete', Path> | undefined>;
  /** Every item of a list, a page at a time. */
  items<Path extends ListPath>(path: Path, ...init: Init<'get', Path>): AsyncGenerator<ItemOf<Path>>;
  /** The whole list as a file: its body is not read yet, and an error while reading means that it is not whole. */
  export<Path extends ExportPath>(path: Path, format: ExportFormat, ...init: Init<'get', Path>): Promise<Response>;
  /** Loads an access graph: the files by their parts, as the imports' route takes them. */
  importGraph(
    files: FormData,
    query?: paths['/governance/access-graph/imports']['post']['parameters']['query'],
  ): Promise<Answer<'post', '/governance/access-graph/imports'>>;
  /** The events of a job, from what it is now until it has ended; opened again when the stream breaks. */
  followJob(jobId: string, options?: { readonly signal?: AbortSignal }): AsyncGenerator<JobEvent>;
}

interface AnyInit {
  readonly params?: { readonly query?: Record<string, unknown> };
  readonly [option: string]: unknown;
}

const PAGE_SIZE = 100;

export function createClient(options: ClientOptions): RoleMiningClient {
  const { baseUrl, token, retries = 2, signal, fetch = (request) => globalThis.fetch(request) } = options;
  const http = createFetchClient<Record<string, Record<Method, Record<string, unknown>>>>({
    baseUrl,
    signal,
    fetch: repeatingFetch(fetch, retries),
    querySerializer: { array: { style: 'form', explode: false } },
  });
  http.use({
    async onRequest({ request }) {
      request.headers.set('Authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
      if (request.method !== 'GET' && !request.headers.has('Idempotency-Key'))
        request.headers.set('Idempotency-Key', newIdempotencyKey());
      return request;
    },
    async onResponse({ request, response }) {
      if (!response.ok) throw await ProblemError.of(response, request);
    },
  });
  const call = async (method: Method, path: string, init: AnyInit = {}): Promise<unknown> =>
    (await http.request(method, path, init as never)).data;

  const client = {
    get: (path: string, init?: AnyInit) => call('get', path, init),
    post: (path: string, init?: AnyInit) => call('post', path, init),
    delete: (path: string, init?: AnyInit) => call('delete', path, init),
    async *items(path: string, init: AnyInit = {}) {
      for (let offset = 0, total = 1; offset < total;) {
        const query = { limit: PAGE_SIZE, ...init.params?.query, offset };
        const page = (await call('get', path, { ...init, params: { ...init.params, query } })) as {
          items: unknown[];
          total: number;
        };
        yield* page.items;
        if (page.items.length === 0) return;
        ({ total } = page);
        offset += page.items.length;
      }
    },
    async export(path: string, format: ExportFormat, init: AnyInit = {}) {
      const params = { ...init.params, query: { ...init.params?.query, format } };
      return (await http.request('get', path, { ...init, params, parseAs: 'stream' } as never)).response;
    },
    importGraph: (files: FormData, query: Record<string, unknown> = {}) =>
      call('post', '/governance/access-graph/imports', {
        params: { query },
        body: files,
        bodySerializer: (body: unknown) => body,
      }),
    followJob(jobId: string, { signal: stop }: { signal?: AbortSignal } = {}) {
      const params = { path: { job_id: jobId } };
      const either = anyOf(signal, stop);
      return followJob(async (lastEventId) => {
        const headers = { Accept: 'text/event-stream', ...(lastEventId !== null && { 'Last-Event-ID': lastEventId }) };
        const init = { params, headers, parseAs: 'stream', signal: either };
        return (await http.request('get', '/governance/role-mining/jobs/{job_id}/events', init as never)).response;
      }, either);
    },
  };
  // One implementation for all paths; their types are the document's.
  return client as unknown as RoleMiningClient;
}

/** For a change that is to happen once, however often the caller itself repeats it. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}

function anyOf(...signals: (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length < 2 ? given[0] : AbortSignal.any(given);
}

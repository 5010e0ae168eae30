import type { ProblemDto } from '../common/errors/problem.dto.js';
import type { Page } from '../common/paging/page.dto.js';
import { DemoError } from './demo.error.js';
import { readEvents } from './event-stream.js';

/** The service over HTTP, as its clients use it. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string, body?: object): Promise<T> {
    return this.call<T>('POST', path, {
      body: JSON.stringify(body ?? {}),
      headers: { 'Content-Type': 'application/json' },
    });
  }

  postForm<T>(path: string, form: FormData): Promise<T> {
    return this.call<T>('POST', path, { body: form });
  }

  /** The first items of a list that pass its filter, in its order. */
  async first<T>(path: string, limit: number, filter: Record<string, string> = {}): Promise<T[]> {
    const query = new URLSearchParams({ ...filter, limit: String(limit) });
    return (await this.get<Page<T>>(`${path}?${query.toString()}`)).items;
  }

  /** The data of the events of a stream, until it ends or breaks. */
  async *events<T>(path: string): AsyncGenerator<T> {
    const { body } = await this.send('GET', path, { headers: { Accept: 'text/event-stream' } });
    if (body === null) return;
    for await (const { data } of readEvents(body)) yield JSON.parse(data) as T;
  }

  private async call<T>(method: string, path: string, init?: RequestInit): Promise<T> {
    return (await (await this.send(method, path, init)).json()) as T;
  }

  private async send(method: string, path: string, { headers, body }: RequestInit = {}): Promise<Response> {
    const request = {
      method,
      headers: { ...headers, Authorization: `Bearer ${this.token}` },
      body,
      signal: this.signal,
    };
    const response = await fetch(this.url + path, request).catch((error: Error) => {
      const reason = error.cause instanceof Error ? error.cause : error;
      throw new DemoError(`${method} ${path} got no answer: ${reason.message}`);
    });
    if (!response.ok) {
      const problem = (await response.json().catch(() => null)) as ProblemDto | null;
      throw new DemoError(`${method} ${path} answered ${response.status}: ${problem?.detail ?? response.statusText}`);
    }
    return response;
  }
}

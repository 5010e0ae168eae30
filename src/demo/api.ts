import { createClient, type JobEvent, type PathsOf, ProblemError, type RoleMiningClient } from '#client';
import type { Page } from '../common/paging/page.dto.js';
import { DemoError } from './demo.error.js';

/** The service as its clients use it, through the client that they use; paths with their ids filled in. */
export class Api {
  private readonly client: RoleMiningClient;

  constructor(
    url: string,
    token: string,
    private readonly signal: AbortSignal,
  ) {
    this.client = createClient({ baseUrl: url, token, signal });
  }

  get<T>(path: string): Promise<T> {
    return this.told('GET', path, this.client.get(path as PathsOf<'get'>, {})) as Promise<T>;
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.told('POST', path, this.client.post(path as PathsOf<'post'>, { body } as never));
  }

  postForm<T>(path: string, form: FormData): Promise<T> {
    const init = { body: form, bodySerializer: (body: unknown) => body } as never;
    return this.told('POST', path, this.client.post(path as PathsOf<'post'>, init));
  }

  /** The first items of a list that pass its filter, in its order. */
  async first<T>(path: string, limit: number, filter: Record<string, string> = {}): Promise<T[]> {
    const query = new URLSearchParams({ ...filter, limit: String(limit) });
    return (await this.get<Page<T>>(`${path}?${query.toString()}`)).items;
  }

  /** The events of a job until it has ended. */
  followJob(id: string): AsyncIterable<JobEvent> {
    return this.client.followJob(id);
  }

  /** What went wrong as a sentence for people, unless somebody has asked to stop. */
  private async told<T>(method: string, path: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (this.signal.aborted || !(error instanceof Error)) throw error;
      if (error instanceof ProblemError)
        throw new DemoError(`${method} ${path} answered ${error.status}: ${error.message}`);
      const reason = error.cause instanceof Error ? error.cause : error;
      throw new DemoError(`${method} ${path} got no answer: ${reason.message}`);
    }
  }
}

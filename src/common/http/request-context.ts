import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();

/** Everything that the work starts, awaited or not, is part of the request. */
export function runInRequest<T>(requestId: string, work: () => T): T {
  return requestIds.run(requestId, work);
}

/** The id of the HTTP request that the caller is part of; null outside of one. */
export function currentRequestId(): string | null {
  return requestIds.getStore() ?? null;
}

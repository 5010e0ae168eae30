import type { components } from './api.js';

/** What the service says about a refusal (RFC 9457); some refusals have members of their own, such as `sod_violations`. */
export type Problem = components['schemas']['ProblemDto'] & { readonly [member: string]: unknown };

/** Every answer but 2xx. The message is the service's sentence. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    readonly problem: Problem,
    /** For a question to the operators. */
    readonly requestId: string | null,
  ) {
    super(problem.detail);
  }

  /** Also of an answer that is not the service's but a gateway's, which has no problem document. */
  static async of(response: Response, request: Request): Promise<ProblemError> {
    const requestId = response.headers.get('X-Request-Id');
    const body: unknown = await response.json().catch(() => null);
    if (isProblem(body)) return new ProblemError(response.status, body, requestId);
    const { pathname } = new URL(request.url);
    const title = response.statusText || 'Error';
    const detail = `${request.method} ${pathname} was answered ${response.status} ${title}`;
    const { status } = response;
    const problem = { type: 'about:blank', title, status, detail, message: detail, instance: pathname };
    return new ProblemError(status, problem, requestId);
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string';
}

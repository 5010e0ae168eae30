import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from './domain.error.js';
import { problemDetails } from './problem-details.js';

/** Seconds after which a caller may try again when the service is overloaded or its database is away. */
const RETRY_AFTER_SECONDS = 2;

/** The one place where an error becomes an answer: `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemDetailsFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const problem = problemDetails(error, pathOf(request.url));
    if (problem.status >= 500 && !(error instanceof DomainError))
      this.logger.error({ err: error, requestId: request.id }, problem.detail);
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
    if (problem.status === 503 || problem.status === 429) {
      // Whoever knows better has said so already.
      if (!reply.hasHeader('Retry-After')) void reply.header('Retry-After', RETRY_AFTER_SECONDS);
    }
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** Without the query: it may hold what a log or a screenshot should not. */
function pathOf(url: string): string {
  return url.split('?', 1)[0];
}

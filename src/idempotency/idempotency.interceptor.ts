import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Actor } from '../auth/actor.js';
import { DomainError } from '../common/errors/domain.error.js';
import { problemDetails, type ProblemDetails } from '../common/errors/problem-details.js';
import {
  idempotencyKeyOf,
  KEY_OF_ANOTHER_REQUEST,
  keepsOwnIdempotencyKey,
  withoutSecret,
} from '../common/http/idempotency-key.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import { IdempotentAnswers, type StoredAnswer } from './idempotent-answers.js';

/**
 * Gives the first answer again to a POST or DELETE that is repeated with the same `Idempotency-Key` within 24 hours
 * (wire conventions, "Retries"). Key, effect and answer are one transaction: the services that the handler calls join
 * it, so that either all three exist or none, and a repetition that arrives meanwhile waits.
 *
 * A refusal is stored as well, in a transaction of its own, because its effect was rolled back; what failed for the
 * service's own reasons (5xx) is not, so that it can be tried again.
 *
 * A route with `@KeepsOwnIdempotencyKey()` is left alone.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly answers: IdempotentAnswers,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: Actor }>();
    if (request.user === undefined || !['POST', 'DELETE'].includes(request.method)) return next.handle();
    const key = idempotencyKeyOf(request);
    if (key === null || keepsOwnIdempotencyKey(context.getHandler())) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const handler = context.getHandler();
    return from(this.answer(request, reply, request.user.tenantId, key, () => next.handle(), handler));
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    tenantId: string,
    key: string,
    work: () => Observable<unknown>,
    handler: object,
  ): Promise<unknown> {
    const fingerprint = fingerprintOf(request);
    try {
      return await this.transaction.run(tenantId, async (manager) => {
        const stored = await this.answers.take(manager, tenantId, key, fingerprint);
        if (stored !== null) return repeat(stored, fingerprint, reply);
        const body: unknown = await lastValueFrom(work(), { defaultValue: undefined });
        await this.answers.store(manager, tenantId, key, {
          fingerprint,
          status: reply.statusCode,
          body: withoutSecret(body, handler),
        });
        return body;
      });
    } catch (error) {
      if (error instanceof RepeatedRefusal) throw error;
      const problem = problemDetails(error, request.url.split('?', 1)[0]);
      if (problem.status < 500) {
        await this.transaction.run(tenantId, (manager) =>
          this.answers.store(manager, tenantId, key, { fingerprint, status: problem.status, body: problem }),
        );
      }
      throw error;
    }
  }
}

/** A stored refusal on its way to the filter, which must not be stored once more. */
class RepeatedRefusal extends DomainError {}

function repeat(stored: StoredAnswer, fingerprint: string, reply: FastifyReply): unknown {
  if (stored.fingerprint !== fingerprint) {
    const { message, errors } = KEY_OF_ANOTHER_REQUEST;
    throw new RepeatedRefusal('invalid', message, { errors });
  }
  void reply.header('Idempotency-Replayed', 'true');
  if (stored.status >= 400) throw refusalOf(stored.body as ProblemDetails);
  void reply.status(stored.status);
  return stored.body ?? undefined;
}

function refusalOf({ status, detail, ...members }: ProblemDetails): RepeatedRefusal {
  const codes = { 404: 'not_found', 409: 'conflict', 413: 'too_large', 415: 'unsupported_media_type' } as const;
  return new RepeatedRefusal(codes[status as keyof typeof codes] ?? 'invalid', detail, members);
}

function fingerprintOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null]))
    .digest('hex');
}

import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../auth/actor.js';
import { runInRequest } from '../common/http/request-context.js';
import { isUuid } from '../common/validation/uuid.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import { AuditTrail } from './audit-trail.js';
import { auditedRouteOf } from './audited.decorator.js';

/** Not allowed to the caller, or not in this state. Malformed calls and unknown ids attempt nothing. */
const REFUSALS: readonly number[] = [403, 409];

/**
 * Records state-changing calls that were refused, before the refusal is sent. In a transaction of its own: what the call
 * itself did has been rolled back. It looks at the answer, not at the error: a guard's refusal never reaches an interceptor.
 */
@Injectable()
export class RefusedAttempts {
  private readonly logger = new Logger(RefusedAttempts.name);

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly trail: AuditTrail,
  ) {}

  /** Never rejects: nothing was changed, and the caller has to hear of the refusal even when the database is away. */
  async record(request: FastifyRequest & { user?: Actor }, reply: FastifyReply, payload: unknown): Promise<void> {
    const { user } = request;
    const route = auditedRouteOf(request);
    if (!REFUSALS.includes(reply.statusCode) || user === undefined || route === null) return;
    const id = route.idParameter && (request.params as Record<string, string>)[route.idParameter];
    const attempt = { action: route.action, objectType: route.objectType, objectId: id && isUuid(id) ? id : null };
    try {
      const entry = { ...attempt, refusal: { status: reply.statusCode, detail: detailOf(payload) } };
      await runInRequest(request.id, () =>
        this.transaction.runApart(user.tenantId, (manager) => this.trail.record(manager, user, entry)),
      );
    } catch (error) {
      this.logger.error({ err: error, requestId: request.id, ...attempt }, 'A refused attempt could not be recorded');
    }
  }
}

function detailOf(payload: unknown): string {
  const { detail } = JSON.parse(String(payload)) as { detail?: unknown };
  return String(detail);
}

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who is calling, as the verified token says. */
export interface Actor {
  readonly userId: string;
  readonly tenantId: string;
  readonly roles: readonly string[];
  /** When the token stops being valid, seconds since 1970. */
  readonly expiresAt: number;
}

/** The caller, as a parameter of a guarded handler. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => actorOf(context));

/** The caller of a guarded route. */
export function actorOf(context: ExecutionContext): Actor {
  const request = context.switchToHttp().getRequest<FastifyRequest & { user?: Actor }>();
  if (!request.user) throw new Error('the route is not guarded: @AdminOnly() is missing');
  return request.user;
}

import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { AuditAction, AuditObjectType } from './audit-actions.js';

/** What a route does, for the trail to name attempts that are refused before its handler is reached. */
export interface AuditedRoute {
  readonly action: AuditAction;
  readonly objectType: AuditObjectType;
  /** The path parameter with the object's id; null where there is none yet. */
  readonly idParameter: string | null;
}

/**
 * What every handler that changes state carries (a test holds it): with it, attempts that are refused are in the audit
 * trail. What is done is recorded by the service that does it.
 */
export function Audited(action: AuditAction, idParameter: string | null = null): MethodDecorator {
  const objectType = action.split('.', 1)[0] as AuditObjectType;
  return RouteConfig({ audited: { action, objectType, idParameter } satisfies AuditedRoute });
}

/** Null for a route without the decorator. */
export function auditedRouteOf(request: FastifyRequest): AuditedRoute | null {
  const config = request.routeOptions.config as { audited?: AuditedRoute };
  return config.audited ?? null;
}

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors/domain.error.js';
import { Config } from '../config/config.js';
import { actorOf } from './actor.js';

/** Lets administrators of the tenant in that the gateway speaks for. Stands behind `JwtGuard`. */
@Injectable()
export class AdminGuard implements CanActivate {
  private readonly adminRoles: ReadonlySet<string>;

  constructor(config: Config) {
    this.adminRoles = new Set(config.jwt.adminRoles);
  }

  canActivate(context: ExecutionContext): boolean {
    const actor = actorOf(context);
    if (!actor.roles.some((role) => this.adminRoles.has(role))) {
      throw new DomainError('forbidden', 'This needs the role of an administrator');
    }
    const tenantHeader = context.switchToHttp().getRequest<FastifyRequest>().headers['x-tenant-id'];
    if (tenantHeader !== undefined && String(tenantHeader).toLowerCase() !== actor.tenantId) {
      throw new DomainError('forbidden', 'X-Tenant-ID is not the tenant of the token');
    }
    return true;
  }
}

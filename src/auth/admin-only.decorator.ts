import { applyDecorators, type CanActivate, type Type, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader } from '@nestjs/swagger';
import { ApiProblem } from '../common/errors/problem-responses.decorator.js';
import { AdminGuard } from './admin.guard.js';
import { JwtGuard } from './jwt.guard.js';
import { RequestRateGuard } from './request-rate.guard.js';

/**
 * What every controller but the public ones carries: a good token, not too many requests, an administrator, the right
 * tenant, and their description.
 *
 * @param authentication who finds out who is calling: by the bearer token, unless said otherwise
 */
export function AdminOnly(authentication: Type<CanActivate> = JwtGuard): ClassDecorator & MethodDecorator {
  return applyDecorators(
    UseGuards(authentication, RequestRateGuard, AdminGuard),
    ApiBearerAuth(),
    ApiHeader({
      name: 'X-Tenant-ID',
      required: false,
      schema: { type: 'string', format: 'uuid' },
      description: 'The tenant that the gateway has authenticated; must be the tenant of the token when it is sent.',
    }),
    ApiProblem(401, 'No token, or one that is expired, malformed, wrongly signed or without a tenant.'),
    ApiProblem(403, 'The caller is no administrator, or X-Tenant-ID is another tenant.'),
  );
}

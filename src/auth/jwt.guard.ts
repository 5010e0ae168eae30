import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors/domain.error.js';
import type { Actor } from './actor.js';
import { unauthenticated } from './token-claims.js';

/** Lets a caller with a good token in. Whatever is wrong with a token is a 401, said without its content. */
@Injectable()
export class JwtGuard extends AuthGuard('jwt') {
  override canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    // Node takes the first of several, a gateway may have checked the last.
    const { rawHeaders } = context.switchToHttp().getRequest<FastifyRequest>().raw;
    const tokens = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization');
    if (tokens.length > 1) throw unauthenticated('There is more than one Authorization header');
    return super.canActivate(context);
  }

  override handleRequest<TUser = Actor>(error: unknown, actor: TUser | false, info: unknown): TUser {
    if (actor) return actor;
    const reason = error ?? info;
    if (reason instanceof DomainError) throw reason;
    throw unauthenticated(sentenceFor(reason));
  }
}

function sentenceFor(reason: unknown): string {
  if (!(reason instanceof Error)) return 'A bearer token is needed';
  if (reason.name === 'TokenExpiredError') return 'The token has expired';
  if (reason.name === 'NotBeforeError') return 'The token is not valid yet';
  return reason.message === 'No auth token' ? 'A bearer token is needed' : 'The token is not valid';
}

import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors/domain.error.js';
import type { Actor } from './actor.js';
import { refuseExceeded } from './refuse-exceeded.js';
import { RequestRates } from './request-rates.js';
import { unauthenticated } from './token-claims.js';

/**
 * Lets a caller with a good token in. Whatever is wrong with a token is a 401, said without its content, and 429 when too
 * many came from the same address. A good token is never refused for them: to verify one costs little (11 µs with a
 * shared secret), and whoever shares an address, or a gateway's, could lock the others out.
 */
@Injectable()
export class JwtGuard extends AuthGuard('jwt') {
  constructor(private readonly rates: RequestRates) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      return await this.authenticate(context);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthenticated') await this.countRefusal(context);
      throw error;
    }
  }

  /** @throws DomainError unauthenticated */
  protected async authenticate(context: ExecutionContext): Promise<boolean> {
    // Node takes the first of several, a gateway may have checked the last.
    const { rawHeaders } = context.switchToHttp().getRequest<FastifyRequest>().raw;
    const tokens = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization');
    if (tokens.length > 1) throw unauthenticated('There is more than one Authorization header');
    return (await super.canActivate(context)) as boolean;
  }

  private async countRefusal(context: ExecutionContext): Promise<void> {
    const http = context.switchToHttp();
    const standings = await this.rates.takeRefusal(http.getRequest<FastifyRequest>().ip);
    refuseExceeded(http.getResponse<FastifyReply>(), this.rates.refusalPolicy, standings);
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

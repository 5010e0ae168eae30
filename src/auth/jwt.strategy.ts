import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Config } from '../config/config.js';
import type { Actor } from './actor.js';
import { actorFromClaims } from './token-claims.js';
import { TokenKeyProvider } from './token-key.provider.js';

const CLOCK_SKEW_SECONDS = 30;

/** Verifies the bearer token and makes the actor of it; the rules are in the wire conventions, "Who calls". */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly config: Config,
    keys: TokenKeyProvider,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: keys.algorithms,
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: string) => void) => {
        // passport-jwt hands the key through to jsonwebtoken, which takes a KeyObject; only its types say string.
        // jsonwebtoken throws at a payload that is no object, out of `done`: that is a bad token, and not to be left to
        // nobody, which would end the process.
        keys
          .findKey(token)
          .then((key) => done(null, key as unknown as string))
          .catch(done);
      },
      issuer: config.jwt.issuer ?? undefined,
      audience: config.jwt.audience ?? undefined,
      jsonWebTokenOptions: { clockTolerance: CLOCK_SKEW_SECONDS },
    });
  }

  validate(claims: Readonly<Record<string, unknown>>): Actor {
    return actorFromClaims(claims, this.config.jwt);
  }
}

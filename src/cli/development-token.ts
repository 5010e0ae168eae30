import jwt from 'jsonwebtoken';
import type { JwtConfig } from '../config/config.js';
import { ConfigurationError } from '../config/configuration.error.js';

export interface DevelopmentToken {
  readonly tenantId: string;
  readonly userId: string;
  readonly roles: readonly string[];
  readonly ttlSeconds: number;
}

/**
 * A token that this service accepts, for set-ups with a shared secret.
 *
 * @throws ConfigurationError when tokens are verified with somebody else's public key
 */
export function signDevelopmentToken(config: JwtConfig, token: DevelopmentToken): string {
  if (config.key.kind !== 'secret') {
    throw new ConfigurationError(
      'JWT_SECRET',
      'not set, expected a shared secret: only whoever holds the private key can sign other tokens',
    );
  }
  return jwt.sign(
    { sub: token.userId, [config.tenantClaim]: token.tenantId, [config.rolesClaim]: token.roles },
    config.key.key,
    {
      algorithm: 'HS256',
      expiresIn: token.ttlSeconds,
      ...(config.issuer !== null && { issuer: config.issuer }),
      ...(config.audience !== null && { audience: config.audience }),
    },
  );
}

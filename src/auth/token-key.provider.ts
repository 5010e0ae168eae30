import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Algorithm } from 'jsonwebtoken';
import jwt from 'jsonwebtoken';
import { JwksClient, SigningKeyNotFoundError } from 'jwks-rsa';
import { DomainError } from '../common/errors/domain.error.js';
import { Config } from '../config/config.js';

/**
 * The key that verifies a token, and the algorithms that are accepted with it: those of the configured key only, never
 * what the token asks for. Keys are KeyObjects: with a string each verification parses it again (350 µs instead of 11).
 */
@Injectable()
export class TokenKeyProvider {
  readonly algorithms: Algorithm[];
  readonly findKey: (token: string) => Promise<KeyObject>;

  constructor(config: Config) {
    const { key } = config.jwt;
    switch (key.kind) {
      case 'secret':
        this.algorithms = ['HS256'];
        this.findKey = () => Promise.resolve(key.key);
        break;
      case 'public-key':
        this.algorithms = [key.algorithm];
        this.findKey = () => Promise.resolve(key.key);
        break;
      case 'jwks':
        this.algorithms = ['RS256', 'ES256'];
        this.findKey = keysOfIssuer(key.uri);
    }
  }
}

/**
 * Keys published by the identity provider, looked up by the token's `kid`; unknown ones at most ten times a minute.
 *
 * @throws DomainError unavailable when they cannot be fetched: that says nothing against the token
 */
function keysOfIssuer(jwksUri: string): (token: string) => Promise<KeyObject> {
  const client = new JwksClient({ jwksUri, cache: true, rateLimit: true, jwksRequestsPerMinute: 10, timeout: 5_000 });
  const parsed = new Map<string, KeyObject>();
  return async (token) => {
    const kid = jwt.decode(token, { complete: true })?.header.kid;
    const signingKey = await client.getSigningKey(kid).catch((error: unknown) => {
      if (error instanceof SigningKeyNotFoundError) throw error;
      throw new DomainError('unavailable', 'The keys of the identity provider cannot be fetched, try again shortly');
    });
    const pem = signingKey.getPublicKey();
    let key = parsed.get(pem);
    if (!key) {
      key = createPublicKey(pem);
      parsed.set(pem, key);
    }
    return key;
  };
}

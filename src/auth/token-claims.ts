import { DomainError } from '../common/errors/domain.error.js';
import { isUuid } from '../common/validation/uuid.js';
import type { Actor } from './actor.js';

/** Where the identity provider puts tenant and roles: claim names, or dotted paths into nested claims. */
export interface ClaimPaths {
  readonly tenantClaim: string;
  readonly rolesClaim: string;
}

/**
 * The actor of a token whose signature and times were verified. `tenant_id` may repeat or replace the tenant claim,
 * but not contradict it.
 *
 * @throws DomainError unauthenticated when subject, tenant or expiry are missing or no UUIDs
 */
export function actorFromClaims(claims: Readonly<Record<string, unknown>>, paths: ClaimPaths): Actor {
  const userId = uuidClaim(claims.sub, 'sub');
  const tenants = [claimAt(claims, paths.tenantClaim), claims.tenant_id].filter((value) => value !== undefined);
  if (tenants.length === 0) throw unauthenticated(`The token has no tenant (claim ${paths.tenantClaim})`);
  const [tenantId, repeated] = tenants.map((value) => uuidClaim(value, paths.tenantClaim));
  if (repeated !== undefined && repeated !== tenantId) throw unauthenticated('The token names two different tenants');
  if (typeof claims.exp !== 'number') throw unauthenticated('The token never expires (claim exp is missing)');
  const roles = claimAt(claims, paths.rolesClaim);
  return {
    userId,
    tenantId,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    expiresAt: claims.exp,
  };
}

export function unauthenticated(message: string): DomainError {
  return new DomainError('unauthenticated', message);
}

/** A claim of that very name (some providers use URLs, which have dots) or else the value at the dotted path. */
function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>((value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined), claims);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function uuidClaim(value: unknown, claim: string): string {
  if (typeof value === 'string' && isUuid(value)) return value.toLowerCase();
  throw unauthenticated(`The token's claim ${claim} is not a UUID`);
}

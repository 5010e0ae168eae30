import { describe, expect, it } from '@jest/globals';
import { actorFromClaims } from './token-claims.js';

const PATHS = { tenantClaim: 'tid', rolesClaim: 'roles' };
const USER = 'abcdef00-0000-4000-8000-000000000001';
const TENANT = 'abcdef00-0000-4000-8000-000000000002';
const OTHER = 'abcdef00-0000-4000-8000-000000000003';
const WITHOUT_TENANT = { sub: USER, roles: ['admin', 'user'], exp: 1_900_000_000 };
const GOOD = { ...WITHOUT_TENANT, tid: TENANT };

/** The actor, or the refusal. */
function readOf(claims: Record<string, unknown>, paths = PATHS): unknown {
  try {
    return actorFromClaims(claims, paths);
  } catch (refusal) {
    const { code, message } = refusal as { code: string; message: string };
    return `${code}: ${message}`;
  }
}

describe('the claims of a token', () => {
  it('make its actor, with ids in lower case', () => {
    const actor = { userId: USER, tenantId: TENANT, roles: ['admin', 'user'], expiresAt: 1_900_000_000 };
    expect(readOf(GOOD)).toEqual(actor);
    expect(readOf({ ...GOOD, sub: USER.toUpperCase(), tid: TENANT.toUpperCase() })).toEqual(actor);
  });

  it.each([[undefined], [null], [''], ['root'], [7], [[USER]], [{}]])('refuse sub %j', (sub) => {
    expect(readOf({ ...GOOD, sub })).toBe("unauthenticated: The token's claim sub is not a UUID");
  });

  it.each([[null], [''], ['acme'], [7], [[TENANT]]])('refuse the tenant %j', (tid) => {
    expect(readOf({ ...GOOD, tid })).toBe("unauthenticated: The token's claim tid is not a UUID");
  });

  it('take tenant_id in place of the tenant claim or beside it, when both are the same', () => {
    expect(readOf({ ...WITHOUT_TENANT, tenant_id: TENANT })).toMatchObject({ tenantId: TENANT });
    expect(readOf({ ...GOOD, tenant_id: TENANT.toUpperCase() })).toMatchObject({ tenantId: TENANT });
    expect(readOf({ ...GOOD, tenant_id: OTHER })).toBe('unauthenticated: The token names two different tenants');
    expect(readOf({ ...GOOD, tenant_id: null })).toBe("unauthenticated: The token's claim tid is not a UUID");
  });

  it('refuse to be without a tenant, and say where it was looked for', () => {
    expect(readOf(WITHOUT_TENANT, { ...PATHS, tenantClaim: 'org.id' })).toBe(
      'unauthenticated: The token has no tenant (claim org.id)',
    );
  });

  it.each([[undefined], [null], ['1900000000'], [[1]]])('refuse exp %j', (exp) => {
    expect(readOf({ ...GOOD, exp })).toBe('unauthenticated: The token never expires (claim exp is missing)');
  });

  it.each([
    [
      ['admin', 7, null, ['super_admin'], 'user'],
      ['admin', 'user'],
    ],
    ['admin', []],
    [undefined, []],
    [{ 0: 'admin', length: 1 }, []],
  ])('take of the roles %j only texts in a list', (roles, taken) => {
    expect(readOf({ ...GOOD, roles })).toMatchObject({ roles: taken });
  });
});

describe('the path of a claim', () => {
  const rolesAt = (rolesClaim: string, claims: Record<string, unknown>): unknown =>
    (readOf({ ...GOOD, roles: undefined, ...claims }, { ...PATHS, rolesClaim }) as { roles: unknown }).roles;

  it('leads into nested claims', () => {
    expect(rolesAt('realm_access.roles', { realm_access: { roles: ['admin'] } })).toEqual(['admin']);
    expect(rolesAt('a.b.c', { a: { b: { c: ['admin'] } } })).toEqual(['admin']);
  });

  it('is first a name of its own, dots and all', () => {
    const claim = 'https://example.com/roles';
    expect(rolesAt(claim, { [claim]: ['admin'] })).toEqual(['admin']);
    expect(rolesAt('a.b', { 'a.b': ['whole'], a: { b: ['nested'] } })).toEqual(['whole']);
  });

  it.each([
    ['a.b', {}],
    ['a.b', { a: null }],
    ['a.b', { a: 'b' }],
    ['a.length', { a: 'text' }],
    ['a.0', { a: [['admin']] }],
    ['a.b.c', { a: { b: undefined } }],
  ])('%s finds nothing in %j', (path, claims) => {
    expect(rolesAt(path, claims)).toEqual([]);
  });

  it('finds nothing that claims only inherit', () => {
    const inherited = Object.create({ b: ['admin'] }) as object;
    expect(rolesAt('a.b', { a: inherited })).toEqual([]);
    expect(readOf({ ...GOOD, tid: undefined }, { ...PATHS, tenantClaim: 'constructor.name' })).toBe(
      'unauthenticated: The token has no tenant (claim constructor.name)',
    );
  });
});

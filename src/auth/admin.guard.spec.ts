import { describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { Config } from '../config/config.js';
import { AdminGuard } from './admin.guard.js';

const TENANT = 'abcdef00-0000-4000-8000-000000000001';
const OTHER = 'abcdef00-0000-4000-8000-000000000002';

/** Whether the guard lets the caller in, or why not. */
function verdictOn(roles: readonly string[], headers: Record<string, string | string[]> = {}): unknown {
  const guard = new AdminGuard({ jwt: { adminRoles: ['admin', 'super_admin'] } } as unknown as Config);
  const user = { userId: 'u', tenantId: TENANT, roles, expiresAt: 0 };
  try {
    return guard.canActivate(new ExecutionContextHost([{ user, headers }]));
  } catch (refusal) {
    const { code, message } = refusal as { code: string; message: string };
    return `${code}: ${message}`;
  }
}

describe('AdminGuard', () => {
  it.each([[['admin']], [['super_admin']], [['auditor', 'admin']]])('lets %j in', (roles) => {
    expect(verdictOn(roles)).toBe(true);
  });

  it.each([[[]], [['user']], [['Admin']], [['admin ']], [['admin,super_admin']], [['']]])('refuses %j', (roles) => {
    expect(verdictOn(roles)).toBe('forbidden: This needs the role of an administrator');
  });

  it.each([[TENANT], [TENANT.toUpperCase()]])('takes X-Tenant-ID %s, the tenant of the token', (tenant) => {
    expect(verdictOn(['admin'], { 'x-tenant-id': tenant })).toBe(true);
  });

  it.each([[OTHER], [''], [`${TENANT}, ${TENANT}`], [[TENANT, OTHER]], [TENANT.slice(0, -1)]])(
    'refuses X-Tenant-ID %j',
    (tenant) => {
      expect(verdictOn(['admin'], { 'x-tenant-id': tenant })).toBe(
        'forbidden: X-Tenant-ID is not the tenant of the token',
      );
    },
  );

  it('tells who is no administrator nothing about tenants', () => {
    expect(verdictOn(['user'], { 'x-tenant-id': OTHER })).toMatch('administrator');
  });
});

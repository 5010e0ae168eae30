import type { EntityManager } from 'typeorm';

/** What made a role. Roles that were not imported are never touched by an import. */
export const ROLE_SOURCES = ['import', 'candidate', 'simulation', 'merge'] as const;
export type RoleSource = (typeof ROLE_SOURCES)[number];

export interface NewRole {
  /** 1 to 255 characters, unique in the tenant. */
  readonly name: string;
  readonly description?: string | null;
  readonly source: Exclude<RoleSource, 'import'>;
  /** All that the role gives, what its juniors give included. */
  readonly entitlementIds: readonly string[];
  /** Roles that it inherits from: all that they give is among its entitlements, and it has more. */
  readonly juniorIds?: readonly string[];
  readonly memberIds: readonly string[];
}

export interface StoredRole {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly source: RoleSource;
  /** All that the role gives, inherited or not, ascending. */
  readonly entitlementIds: string[];
  /** Roles that it inherits from, ascending; left out by stores without a hierarchy. */
  readonly juniorIds?: readonly string[];
  readonly memberCount: number;
}

/** UUIDs to add and to take away. Adding what is there and taking away what is not change nothing. */
export interface SetChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/**
 * The roles of the governed organisation, as decisions change them. Every call is part of the caller's transaction and
 * leaves it to the caller to commit. By default our own tables (`PostgresRoleStore`); a governance module that has a role
 * model of its own gives its store to `RoleMiningModule.forRoot({ roleStore })` (examples/governance-module does).
 *
 * What users hold effectively is worked out from our own tables all the same: simulations, merges and the members of a
 * promotion need the access graph there.
 */
export abstract class RoleStore {
  /**
   * @returns the id of the role
   * @throws ConflictError when its name is taken, a user, an entitlement or a junior does not exist (any more), or a junior
   *   gives what the role does not, or no less than it
   */
  abstract createRole(manager: EntityManager, tenantId: string, role: NewRole): Promise<string>;

  /** Those of the roles that exist, ascending by id. */
  abstract findRoles(manager: EntityManager, tenantId: string, ids: readonly string[]): Promise<StoredRole[]>;

  /** @throws ConflictError when the role, or an entitlement to be added, does not exist (any more) */
  abstract changeEntitlements(
    manager: EntityManager,
    tenantId: string,
    roleId: string,
    change: SetChange,
  ): Promise<void>;

  /** @throws ConflictError when the role, or a user to be added, does not exist (any more) */
  abstract changeMembers(manager: EntityManager, tenantId: string, roleId: string, change: SetChange): Promise<void>;

  /**
   * Gives a role all the entitlements and all the members of another one, which is removed. What else the role is, its
   * source included, stays.
   *
   * @throws ConflictError when one of the roles does not exist (any more)
   */
  abstract mergeRoles(manager: EntityManager, tenantId: string, roleId: string, retiredRoleId: string): Promise<void>;

  /** @throws ConflictError when the role does not exist (any more) */
  abstract deleteRole(manager: EntityManager, tenantId: string, roleId: string): Promise<void>;
}

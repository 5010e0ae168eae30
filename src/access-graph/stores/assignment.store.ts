import type { EntityManager } from 'typeorm';

/**
 * Direct assignments of entitlements to users, as decisions change them, in the caller's transaction. By default our own
 * tables (`PostgresAssignmentStore`); configured as `RoleMiningModule.forRoot({ assignmentStore })`. As with `RoleStore`,
 * what users hold effectively is worked out from our own tables.
 */
export abstract class AssignmentStore {
  /**
   * Assigns each of the entitlements to each of the users, directly. What was assigned already stays as it is.
   *
   * @returns how many assignments were made
   * @throws ConflictError when a user or an entitlement does not exist (any more)
   */
  abstract assign(
    manager: EntityManager,
    tenantId: string,
    userIds: readonly string[],
    entitlementIds: readonly string[],
  ): Promise<number>;

  /**
   * Takes each of the entitlements from each of the users; what roles give them stays. Unknown ids hold nothing.
   *
   * @returns how many assignments were removed
   */
  abstract unassign(
    manager: EntityManager,
    tenantId: string,
    userIds: readonly string[],
    entitlementIds: readonly string[],
  ): Promise<number>;
}

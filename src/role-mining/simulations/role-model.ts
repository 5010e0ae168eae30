import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AssignmentStore } from '../../access-graph/stores/assignment.store.js';
import { RoleStore } from '../../access-graph/stores/role.store.js';
import { ConflictError } from '../../common/errors/domain.error.js';
import { type AccessChange, accessChangeOf } from './access-change.js';
import { roleOf, type Scenario } from './scenario.js';

/** What scenarios read of the role model, and write to it, in the caller's transaction. */
@Injectable()
export class RoleModel {
  constructor(
    private readonly roles: RoleStore,
    private readonly assignments: AssignmentStore,
  ) {}

  /** @throws ConflictError when the scenario's role does not exist (any more) */
  async changeOf(manager: EntityManager, tenantId: string, scenario: Scenario): Promise<AccessChange> {
    const roleId = roleOf(scenario);
    if (roleId === null) return accessChangeOf(scenario, []);
    const [role] = await this.roles.findRoles(manager, tenantId, [roleId]);
    if (role === undefined) throw new ConflictError(`The access graph no longer has the role ${roleId}`);
    return accessChangeOf(scenario, role.entitlementIds);
  }

  async withdraw(manager: EntityManager, tenantId: string, scenario: Scenario, change: AccessChange): Promise<void> {
    const { roleId, userIds, withdrawn } = change;
    if (scenario.scenarioType === 'remove_role' && roleId !== null) {
      await this.roles.deleteRole(manager, tenantId, roleId);
    } else if (withdrawn.length > 0) {
      if (roleId === null) await this.assignments.unassign(manager, tenantId, userIds, withdrawn);
      else await this.roles.changeEntitlements(manager, tenantId, roleId, { remove: withdrawn });
    }
  }

  /** @returns the id of the role that was made; null when the scenario makes none */
  async grant(
    manager: EntityManager,
    tenantId: string,
    scenario: Scenario,
    change: AccessChange,
  ): Promise<string | null> {
    const { roleId, userIds, granted } = change;
    const { roleName, roleDescription } = scenario.changes;
    if (scenario.scenarioType === 'add_role' && roleName !== null) {
      return this.roles.createRole(manager, tenantId, {
        name: roleName,
        description: roleDescription,
        source: 'simulation',
        entitlementIds: granted,
        memberIds: userIds,
      });
    }
    if (granted.length > 0) {
      if (roleId === null) await this.assignments.assign(manager, tenantId, userIds, granted);
      else await this.roles.changeEntitlements(manager, tenantId, roleId, { add: granted });
    }
    return null;
  }
}

import type { InputFault } from '../../common/errors/domain.error.js';
import { entitlementsOf, roleOf, SCENARIO_TYPES, type Scenario } from './scenario.js';

/** What each scenario needs (contract: results, "Simulations"), and what would be ambiguous. Empty when all is well. */
export function faultsOfScenario(scenario: Scenario): InputFault[] {
  const { scenarioType, targetRoleId, changes } = scenario;
  const faults: InputFault[] = [];
  const refuse = (field: string, message: string): void => {
    faults.push({ field, message: `${field} ${message}` });
  };
  const otherType = SCENARIO_TYPES.find((type) => type === changes.changeType && type !== scenarioType);
  if (otherType !== undefined) {
    refuse('changes.change_type', `is ${otherType}, which contradicts scenario_type ${scenarioType}`);
  }
  if (targetRoleId !== null && changes.roleId !== null && targetRoleId !== changes.roleId) {
    refuse('changes.role_id', `must be target_role_id ${targetRoleId} or left out, got ${changes.roleId}`);
  }
  switch (scenarioType) {
    case 'add_entitlement':
    case 'remove_entitlement': {
      const hasRole = roleOf(scenario) !== null;
      const hasUsers = (scenario.userIds?.length ?? 0) > 0;
      if (entitlementsOf(scenario).length === 0) refuse('changes.entitlement_ids', needsEntitlement(scenarioType));
      if (!hasRole && !hasUsers) {
        refuse(
          'changes.user_ids',
          `must name the users, or target_role_id the role, for scenario_type ${scenarioType}`,
        );
      }
      if (hasRole && hasUsers) {
        refuse(
          'changes.user_ids',
          'must be left out when a role is named: the change is either of the role or of users',
        );
      }
      break;
    }
    case 'add_role':
      if (changes.roleName === null) refuse('changes.role_name', 'is required for scenario_type add_role');
      if (entitlementsOf(scenario).length === 0) refuse('changes.entitlement_ids', needsEntitlement(scenarioType));
      break;
    case 'modify_role':
      if (targetRoleId === null) refuse('target_role_id', 'is required for scenario_type modify_role');
      if (changes.entitlementIds === null) {
        refuse('changes.entitlement_ids', 'is required for scenario_type modify_role: the new set of entitlements');
      }
      break;
    case 'remove_role':
      if (targetRoleId === null) refuse('target_role_id', 'is required for scenario_type remove_role');
      break;
  }
  return faults;
}

function needsEntitlement(scenarioType: string): string {
  return `or changes.entitlement_id must name at least one entitlement for scenario_type ${scenarioType}`;
}

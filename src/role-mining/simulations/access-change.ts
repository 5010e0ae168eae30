import { entitlementsOf, roleOf, type Scenario } from './scenario.js';

/**
 * A scenario as what happens to access: everyone concerned is given the granted entitlements and loses the withdrawn
 * ones, by the role or, where there is none, directly. No entitlement is in both.
 */
export interface AccessChange {
  /** The existing role whose members are concerned and whose own grants of withdrawn entitlements end. */
  readonly roleId: string | null;
  /** Without a role: the users who are concerned. */
  readonly userIds: readonly string[];
  readonly granted: readonly string[];
  readonly withdrawn: readonly string[];
}

/** @param roleEntitlements what the scenario's role grants now; nothing when the scenario has no role */
export function accessChangeOf(scenario: Scenario, roleEntitlements: readonly string[]): AccessChange {
  const named = entitlementsOf(scenario);
  const roleId = roleOf(scenario);
  const userIds = scenario.userIds ?? [];
  if (roleId === null) {
    return scenario.scenarioType === 'remove_entitlement'
      ? { roleId, userIds, granted: [], withdrawn: named }
      : { roleId, userIds, granted: named, withdrawn: [] };
  }
  const before = new Set(roleEntitlements);
  const after = newSet(scenario, before, named);
  return {
    roleId,
    userIds: [],
    granted: [...after].filter((id) => !before.has(id)),
    withdrawn: [...before].filter((id) => !after.has(id)),
  };
}

/** What the role grants after the change. */
function newSet({ scenarioType }: Scenario, before: ReadonlySet<string>, named: readonly string[]): Set<string> {
  const isNamed = new Set(named);
  switch (scenarioType) {
    case 'add_entitlement':
      return new Set([...before, ...named]);
    case 'remove_entitlement':
      return new Set([...before].filter((id) => !isNamed.has(id)));
    case 'add_role':
    case 'modify_role':
      return isNamed;
    case 'remove_role':
      return new Set();
  }
}

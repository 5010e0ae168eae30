export const SCENARIO_TYPES = [
  'add_entitlement',
  'remove_entitlement',
  'add_role',
  'remove_role',
  'modify_role',
] as const;
export type ScenarioType = (typeof SCENARIO_TYPES)[number];

/** What a simulation changes, as the caller said it, but for the users (they can be very many). Ids in lower case, each once. */
export interface SimulationChanges {
  readonly changeType: string | null;
  readonly roleId: string | null;
  readonly entitlementId: string | null;
  readonly entitlementIds: readonly string[] | null;
  readonly roleName: string | null;
  readonly roleDescription: string | null;
}

/** A change of the role model or of direct assignments. Which fields it needs depends on the type: see `faultsOfScenario`. */
export interface Scenario {
  readonly scenarioType: ScenarioType;
  readonly targetRoleId: string | null;
  readonly changes: SimulationChanges;
  /** Null when none were named. */
  readonly userIds: readonly string[] | null;
}

/** The existing role that is changed; null when a role is added or direct assignments change. */
export function roleOf({ scenarioType, targetRoleId, changes }: Omit<Scenario, 'userIds'>): string | null {
  return scenarioType === 'add_role' ? null : (targetRoleId ?? changes.roleId);
}

/** The entitlements of the scenario, whether one is named or a list. For `modify_role` they are the new set: the list. */
export function entitlementsOf({ scenarioType, changes }: Omit<Scenario, 'userIds'>): string[] {
  const single = scenarioType === 'modify_role' || changes.entitlementId === null ? [] : [changes.entitlementId];
  return [...new Set([...single, ...(changes.entitlementIds ?? [])])];
}

import type { RoleGrant } from './covered-assignments.js';
import type { MinedRole } from './role-set.js';

/** A role that may inherit from others. */
export interface HierarchicalGrant extends RoleGrant {
  /** Each strictly smaller than this one and within it. */
  readonly juniors?: readonly HierarchicalGrant[];
}

/**
 * By role: its juniors among the roles given, by their place, and what none of them gives. A junior that is not among them
 * gives nothing: what it would is the role's own.
 */
export function inheritanceWithin(
  grants: readonly HierarchicalGrant[],
): Pick<MinedRole, 'juniors' | 'ownEntitlements'>[] {
  const placeOf = new Map(grants.map((grant, place) => [grant, place]));
  return grants.map(({ entitlements, juniors = [] }) => {
    const places = juniors.flatMap((junior) => placeOf.get(junior) ?? []);
    if (places.length === 0) return { juniors: new Int32Array(0), ownEntitlements: entitlements };
    const inherited = new Set(places.flatMap((place) => [...grants[place].entitlements]));
    return {
      juniors: Int32Array.from(places).sort(),
      ownEntitlements: entitlements.filter((entitlement) => !inherited.has(entitlement)),
    };
  });
}

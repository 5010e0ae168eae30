import type { EngineControl, StoppedBy } from '../control.js';
import type { ReducedMatrix } from '../matrix/reduce.js';
import { SeededRandom } from '../random.js';
import type { RoleSetOptions } from '../role-set/role-set.js';
import type { ReducedRole } from '../role-set/search/expand-roles.js';
import { RoleRules, type RoleThresholds } from '../role-set/search/role-rules.js';
import { SearchMeter } from '../role-set/search/search-meter.js';
import { WeightedUpa } from '../role-set/search/weighted-upa.js';
import { TradeOff, type TradeOffPoint } from '../role-set/trade-off.js';
import { hierarchyCosts } from './hierarchy-costs.js';
import { HierarchySearch } from './hierarchy-search.js';
import { HierarchyState, type RoleHierarchy } from './hierarchy-state.js';
import { members } from './permission-bits.js';

export interface FoundHierarchy {
  readonly hierarchy: RoleHierarchy;
  readonly tradeOff: readonly TradeOffPoint[];
  readonly stoppedBy: StoppedBy;
  readonly steps: number;
}

/**
 * Roles that inherit from each other (RBAC1), with the least complexity that counts inheritances as well: roles + user
 * assignments + own entitlements of roles + inheritances + direct assignments ("Mining roles with multiple objectives",
 * Molloy et al., TISSEC 2010). Begins with roles without a hierarchy and is never worse than they are.
 *
 * @param flatRoles complete if direct assignments are not allowed, all within the thresholds
 * @param totalUsers of the original matrix, those who hold nothing included
 * @param options `stepBudget` is what this search may spend
 */
export function searchHierarchy(
  reduced: ReducedMatrix,
  flatRoles: readonly ReducedRole[],
  totalUsers: number,
  thresholds: RoleThresholds,
  options: RoleSetOptions & { readonly stepBudget: number },
  control: EngineControl,
): FoundHierarchy {
  const upa = new WeightedUpa(reduced);
  const meter = new SearchMeter(control, options.stepBudget, options.timeLimitSeconds);
  const random = new SeededRandom(options.seed);
  const rules = new RoleRules(upa, thresholds, totalUsers, random, meter);
  const tradeOff = new TradeOff();
  const state = new HierarchyState(upa, hierarchyCosts(options.complete, options.roleWeight ?? 1), meter);
  const allows = (set: Int32Array): boolean => rules.allowAll || rules.allows(members(set));
  const search = new HierarchySearch(state, random, allows, tradeOff, withoutHierarchy(flatRoles, upa.userCount));
  search.run();
  const stoppedBy = meter.stoppedBy ?? 'steps';
  return { hierarchy: search.best, tradeOff: tradeOff.points(), stoppedBy, steps: meter.steps };
}

/** Roles with the same permissions become one. */
function withoutHierarchy(flatRoles: readonly ReducedRole[], userCount: number): RoleHierarchy {
  const placeOf = new Map<string, number>();
  const roles: { permissions: number[]; juniors: number[] }[] = [];
  const rolesOfUser = Array.from({ length: userCount }, () => new Set<number>());
  for (const { users, permissions } of flatRoles) {
    const ascending = permissions.toSorted((a, b) => a - b);
    const key = ascending.join();
    const place = placeOf.get(key) ?? roles.push({ permissions: ascending, juniors: [] }) - 1;
    placeOf.set(key, place);
    for (const user of users) rolesOfUser[user].add(place);
  }
  return { roles, rolesOfUser: rolesOfUser.map((places) => [...places]) };
}

import type { ReducedMatrix } from '../matrix/reduce.js';
import type { HierarchicalGrant } from '../role-set/inheritance.js';
import { expand } from '../role-set/search/expand-roles.js';
import type { RoleHierarchy } from './hierarchy-state.js';

/** The same hierarchy over the original matrix. */
export function expandHierarchy(reduced: ReducedMatrix, { roles, rolesOfUser }: RoleHierarchy): HierarchicalGrant[] {
  const users: number[][] = roles.map(() => []);
  rolesOfUser.forEach((places, user) => places.forEach((place) => users[place].push(user)));
  const grants = roles.map(({ permissions }, place) => ({
    users: expand(users[place], reduced.userGroups),
    entitlements: expand(permissions, reduced.entitlementGroups),
    juniors: [] as HierarchicalGrant[],
  }));
  roles.forEach(({ juniors }, place) => grants[place].juniors.push(...juniors.map((junior) => grants[junior])));
  return grants;
}

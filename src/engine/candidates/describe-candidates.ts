import type { EngineControl } from '../control.js';
import { AttributeRules } from '../explanation/attribute-rules.js';
import { CandidateNames } from '../explanation/candidate-names.js';
import { complexityChanges } from '../explanation/complexity-changes.js';
import type { CandidateExplanation } from '../explanation/explanation.js';
import { roleCoverage } from '../explanation/role-coverage.js';
import type { Organisation } from '../organisation.js';
import type { MinedRole } from '../role-set/role-set.js';
import { ExistingRoleIndex } from './existing-role-index.js';
import type { RoleCandidate } from './role-candidate.js';

/**
 * Makes candidates of the roles of a set, in its order: those equal to an existing role are left out, the others get a
 * name and an explanation. Coverage is counted among all roles of the set. Once cancelled it returns those made so far.
 */
export function describeCandidates(
  organisation: Organisation,
  roles: readonly MinedRole[],
  control: EngineControl = {},
): RoleCandidate[] {
  const { matrix, attributes, existingRoles } = organisation;
  // Cancelled at once there is nothing to prepare for.
  if (control.isCancelled?.() === true) return [];
  const existing = new ExistingRoleIndex(existingRoles, matrix.entitlementCount);
  const rules = new AttributeRules(matrix.userCount, attributes);
  const names = new CandidateNames(organisation);
  const { notCoveredEarlier, coveredByNoOther } = roleCoverage(matrix, roles, control);
  const changes = roles.some(({ juniors }) => juniors.length > 0) ? complexityChanges(roles) : null;
  const candidates: RoleCandidate[] = [];
  const placeOf = new Map<number, number>();
  const existingRoleOf = new Map<number, number>();
  for (const [position, role] of roles.entries()) {
    if (control.isCancelled?.() === true) break;
    control.onProgress?.(position / roles.length);
    const relation = existing.relationOf(role.entitlements);
    if (relation.kind === 'equal') {
      existingRoleOf.set(position, relation.role);
      continue;
    }
    placeOf.set(position, candidates.length);
    const { entitlements, users, members, lackingOne, lackingTwo } = role;
    const attributeRule = rules.bestFor(members);
    const explanation: CandidateExplanation = {
      assignmentsCovered: users.length * entitlements.length,
      newAssignmentsCovered: notCoveredEarlier[position],
      complexityChange: changes?.[position] ?? 1 + users.length + entitlements.length - coveredByNoOther[position],
      nearMisses: nearMissesByEntitlement(entitlements, lackingOne),
      usersLackingTwo: lackingTwo,
      attributeRule,
    };
    candidates.push({
      role,
      name: names.next(entitlements, members.length, attributeRule),
      existingRole: relation.kind === 'variant' ? relation.role : null,
      juniors: [],
      existingJuniors: [],
      explanation,
    });
  }
  return candidates.map((candidate) => ({
    ...candidate,
    juniors: placesIn(placeOf, candidate.role.juniors),
    existingJuniors: placesIn(existingRoleOf, candidate.role.juniors),
  }));
}

function placesIn(places: ReadonlyMap<number, number>, positions: Int32Array): number[] {
  return Array.from(positions)
    .flatMap((position) => places.get(position) ?? [])
    .sort((a, b) => a - b);
}

function nearMissesByEntitlement(
  entitlements: Int32Array,
  lackingOne: Int32Array,
): { entitlement: number; userCount: number }[] {
  return Array.from(entitlements, (entitlement, position) => ({ entitlement, userCount: lackingOne[position] }))
    .filter(({ userCount }) => userCount > 0)
    .sort((a, b) => b.userCount - a.userCount || a.entitlement - b.entitlement);
}

import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import { reduceMatrix } from '../matrix/reduce.js';
import { SeededRandom } from '../random.js';
import { assembleRoleSet } from './assemble-role-set.js';
import type { RoleSet, RoleSetOptions } from './role-set.js';
import { CoverState } from './search/cover-state.js';
import { expandRoles, meetsThresholds } from './search/expand-roles.js';
import { pruneTouched } from './search/prune.js';
import { Recreate } from './search/recreate.js';
import { RoleRules, type RoleThresholds } from './search/role-rules.js';
import { WeightedUpa } from './search/weighted-upa.js';

/**
 * Finds a role set for the matrix. Exact: every role is a set of users times a set of entitlements that they all hold.
 * With thresholds, a role must reach them, and what no role explains stays a direct assignment; a role that neither
 * raises nor lowers weighted structural complexity is proposed.
 */
export function mineRoleSet(matrix: AccessMatrix, options: RoleSetOptions, control: EngineControl): RoleSet {
  const thresholds: RoleThresholds = options.complete
    ? { minUsers: 1, minEntitlements: 1, confidenceThreshold: 0 }
    : options;
  const random = new SeededRandom(options.seed);
  const reduced = reduceMatrix(matrix);
  const upa = new WeightedUpa(reduced);
  const rules = new RoleRules(upa, thresholds, matrix.userCount, random);
  const state = new CoverState(upa);
  new Recreate(state, rules, random, options.complete).cover([...state.uncoveredEdges], 4);
  pruneTouched(state, rules);
  control.onProgress?.(1);
  const roles = state.roles.map((role) => ({ users: state.usersOf[role], permissions: state.permissionsOf[role] }));
  const grants = expandRoles(reduced, roles).filter((grant) => meetsThresholds(matrix, grant, thresholds));
  return assembleRoleSet(matrix, grants, {
    lowerBound: null,
    provenOptimal: false,
    mode: 'search',
    modeReason: null,
    stoppedBy: 'steps',
    steps: 0,
  });
}

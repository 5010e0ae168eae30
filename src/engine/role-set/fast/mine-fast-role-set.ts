import type { EngineControl, StoppedBy } from '../../control.js';
import type { AccessMatrix } from '../../matrix/access-matrix.js';
import type { RoleSetOptions } from '../role-set.js';
import { offerAssociations } from './association-candidates.js';
import { CandidatePool, type RoleThresholds } from './candidate-pool.js';
import { expandRoles, type FastRole } from './expand-roles.js';
import { offerRefinements } from './refinements.js';
import { RoleSelection } from './role-selection.js';
import { mergeEqualRows } from './row-classes.js';
import { StepMeter } from './step-meter.js';

export interface FastRoleSet {
  /** In order of discovery. Assignments that none of them covers are direct; none are left when `complete`. */
  readonly roles: readonly FastRole[];
  readonly stoppedBy: StoppedBy;
  /** Rows covered and candidates considered. */
  readonly steps: number;
}

/** The first solution may take so long whatever the time limit: 100,000 users × 2 million assignments need 1.2 s. */
const firstSolutionSeconds = 2;

/** Refinement goes on as long as a round takes at least this share off the complexity. */
const worthwhileShare = 0.005;

/**
 * A role set for inputs that are too large for search: low weighted structural complexity (whatever the objective) in a
 * few passes over the rows. Candidates come from association rules between two entitlements; each row is covered
 * greedily by the candidates that fit it; those that save less than they cost are dropped; then what this first set
 * makes visible (unions, near misses, repeated rows, leftovers) is offered and everything is covered again.
 *
 * Deterministic without a seed. The step budget is looked at between rounds of refinement, the clock also within them.
 * Stopped before there is a first solution, what no role covers yet is left over: direct, or in roles by equal users
 * when `complete`. About 100 bytes per assignment beyond the matrix.
 */
export function mineFastRoleSet(matrix: AccessMatrix, options: RoleSetOptions, control: EngineControl): FastRoleSet {
  const thresholds: RoleThresholds = options.complete
    ? { minUsers: 1, minEntitlements: 1, confidence: 0 }
    : {
        minUsers: options.minUsers,
        minEntitlements: options.minEntitlements,
        confidence: options.confidenceThreshold,
      };
  const classes = mergeEqualRows(matrix);
  const stepBudget = options.stepBudget ?? defaultStepBudget(classes.count, matrix.entitlementCount);
  const timeLimitSeconds = options.timeLimitSeconds ?? Infinity;
  const meter = new StepMeter(control, Math.max(timeLimitSeconds, firstSolutionSeconds));
  const pool = new CandidatePool(classes, matrix.userCount, thresholds);
  const selection = new RoleSelection(classes, pool.candidates, meter.step, options.roleWeight);

  meter.startStage(0, 0.2, matrix.entitlementCount);
  offerAssociations(classes, pool, meter.step);
  meter.startStage(0.2, 0.3, classes.count);
  selection.coverAll();
  meter.startStage(0.3, 0.4, classes.count);
  selection.dropUnpaying();

  let complexity = selection.complexity();
  // Roles that nobody had the time to drop may cost more than they save.
  let best = complexity <= matrix.assignmentCount ? selection.snapshot() : null;
  const tell = (reached: number): void => {
    // What is left over gets roles of its own only at the end.
    if (!options.complete) control.onBest?.({ roleCount: selection.usedRoles().length, complexity: reached });
  };
  if (best !== null) tell(complexity);
  meter.timeLimitSeconds = timeLimitSeconds;
  let roundSteps = meter.steps;
  for (let from = 0.4; meter.stoppedBy === null;) {
    if (meter.steps + roundSteps > stepBudget) {
      meter.stoppedBy = 'steps';
      break;
    }
    const stepsBefore = meter.steps;
    // There may always be one more round, so each takes half of the progress that is left.
    const part = (1 - from) / 2;
    meter.startStage(from, from + part / 3, matrix.entitlementCount * 2);
    offerRefinements(classes, selection, pool, meter.step);
    meter.startStage(from + part / 3, from + (part * 2) / 3, classes.count);
    selection.coverAll();
    meter.startStage(from + (part * 2) / 3, from + part, classes.count);
    selection.dropUnpaying();
    from += part;
    if (meter.stoppedBy !== null) break;
    const improved = selection.complexity();
    if (improved < complexity) {
      best = selection.snapshot();
      tell(improved);
    }
    if (improved >= complexity * (1 - worthwhileShare)) break;
    complexity = improved;
    roundSteps = meter.steps - stepsBefore;
  }
  control.onProgress?.(1);
  return {
    roles: expandRoles(matrix, classes, pool.candidates, best, options.complete),
    stoppedBy: meter.stoppedBy ?? 'converged',
    steps: meter.steps,
  };
}

/** Several rounds for small inputs, one for the largest. */
function defaultStepBudget(rowCount: number, entitlementCount: number): number {
  return Math.max(300_000, 3 * (rowCount + entitlementCount));
}

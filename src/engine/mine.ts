import { describeCandidates } from './candidates/describe-candidates.js';
import { findRoleOverlaps } from './consolidation/find-role-overlaps.js';
import type { EngineControl, RoleSetSoFar } from './control.js';
import { findExcessivePrivileges } from './excessive-privileges/find-excessive-privileges.js';
import { checkMiningOptions, type MiningOptions } from './mining-options.js';
import type { MiningResult } from './mining-result.js';
import type { EngineKernels } from './kernels/kernels.js';
import type { Organisation } from './organisation.js';
import { minePatterns } from './patterns/mine-patterns.js';
import { mineRoleSet } from './role-set/mine-role-set.js';
import { findSuspectedNoise } from './suspected-noise/find-suspected-noise.js';
import { underCoverCurve } from './role-set/under-cover-curve.js';

/** In the order in which `mine` takes them. */
export const MINING_PHASES = ['patterns', 'roles', 'privileges', 'consolidation', 'noise'] as const;
export type MiningPhase = (typeof MINING_PHASES)[number];

/** The part of the result that each phase brings. */
export interface PhaseResult {
  patterns: Pick<MiningResult, 'patterns'>;
  roles: Pick<MiningResult, 'roleSet' | 'candidates' | 'underCoverCurve'>;
  privileges: Pick<MiningResult, 'excessivePrivileges'>;
  consolidation: Pick<MiningResult, 'roleOverlaps'>;
  noise: Pick<MiningResult, 'suspectedNoise'>;
}

/** How the caller of a whole run follows and stops it. */
export interface MiningControl {
  /** `fraction` of the phase, 0 to 1, never backwards within a phase; phases come in the order of `MINING_PHASES`. */
  onProgress?(phase: MiningPhase, fraction: number): void;
  /** As in `EngineControl`. */
  onBest?(best: RoleSetSoFar): void;
  isCancelled?(): boolean;
  now?(): number;
}

/** Share of the phase `roles` that goes into the search; the rest names and explains. */
const SEARCH_SHARE = 0.9;

const PHASES: {
  [Phase in MiningPhase]: (
    organisation: Organisation,
    options: MiningOptions,
    control: EngineControl,
    kernels: EngineKernels | undefined,
  ) => PhaseResult[Phase];
} = {
  patterns: ({ matrix }, { patterns }, control, kernels) => ({
    patterns: patterns === null ? [] : minePatterns(matrix, patterns, control, kernels),
  }),
  roles: (organisation, options, control) => {
    const { matrix } = organisation;
    const roleSet = mineRoleSet(matrix, options.roleSet, withinProgress(control, 0, SEARCH_SHARE));
    const candidates = describeCandidates(organisation, roleSet.roles, withinProgress(control, SEARCH_SHARE, 1));
    return { roleSet, candidates, underCoverCurve: underCoverCurve(matrix, roleSet.roles, control) };
  },
  privileges: (organisation, { excessivePrivileges }, control) => ({
    excessivePrivileges:
      excessivePrivileges === null ? [] : findExcessivePrivileges(organisation, excessivePrivileges, control),
  }),
  consolidation: ({ existingRoles }, { roleOverlaps }, control) => ({
    roleOverlaps:
      roleOverlaps === null
        ? { overlaps: [], truncated: false }
        : findRoleOverlaps(existingRoles, roleOverlaps, control),
  }),
  noise: ({ matrix }, { suspectedNoise }, control) => ({
    suspectedNoise: suspectedNoise === null ? null : findSuspectedNoise(matrix, suspectedNoise, control),
  }),
};

/**
 * Mines an organisation: access patterns, a role set with its candidates, excessive privileges, overlapping roles,
 * suspected noise.
 * Synchronous and deterministic: the same organisation, options and seed give the same result. Once cancelled every
 * phase returns what it has.
 *
 * @param kernels inner loops in WebAssembly; without them everything runs in TypeScript, with the same result
 * @throws RangeError for an option that no analysis can work with
 */
export function mine(
  organisation: Organisation,
  options: MiningOptions,
  control: MiningControl = {},
  kernels?: EngineKernels,
): MiningResult {
  checkMiningOptions(options);
  const run = <Phase extends MiningPhase>(phase: Phase): PhaseResult[Phase] =>
    minePhase(
      phase,
      organisation,
      options,
      { ...control, onProgress: (fraction) => control.onProgress?.(phase, fraction) },
      kernels,
    );
  return {
    ...run('patterns'),
    ...run('roles'),
    ...run('privileges'),
    ...run('consolidation'),
    ...run('noise'),
  };
}

/**
 * One phase of `mine` by itself: no phase needs the result of another, so they may run on as many threads. Its progress
 * ends with 1.
 */
export function minePhase<Phase extends MiningPhase>(
  phase: Phase,
  organisation: Organisation,
  options: MiningOptions,
  control: EngineControl,
  kernels?: EngineKernels,
): PhaseResult[Phase] {
  const result = PHASES[phase](organisation, options, control, kernels);
  control.onProgress?.(1);
  return result;
}

function withinProgress(control: EngineControl, from: number, to: number): EngineControl {
  return { ...control, onProgress: (fraction) => control.onProgress?.(from + (to - from) * fraction) };
}

/** The only door of the engine: everything else imports from here. */
export type { RoleCandidate } from './candidates/role-candidate.js';
export type { RoleOverlap, RoleOverlapOptions, RoleOverlaps } from './consolidation/role-overlap.js';
export type { EngineControl, RoleSetSoFar, StoppedBy } from './control.js';
export type { ExcessivePrivilege, ExcessivePrivilegeOptions } from './excessive-privileges/excessive-privilege.js';
export type { AttributeRule, CandidateExplanation } from './explanation/explanation.js';
export { instantiateKernels, type EngineKernels } from './kernels/kernels.js';
export { accessMatrixFromLists, accessMatrixFromRows, sharedInt32, type AccessMatrix } from './matrix/access-matrix.js';
export { mine, minePhase, MINING_PHASES, type MiningControl, type MiningPhase, type PhaseResult } from './mine.js';
export { checkMiningOptions, type MiningOptions } from './mining-options.js';
export type { MiningResult, UnderCoverPoint } from './mining-result.js';
export type { ExistingRoles, IntegerLists, Organisation, UserAttribute } from './organisation.js';
export type { AccessPattern, PatternOptions } from './patterns/access-pattern.js';
export type { PatternFindings, PatternTask } from './patterns/pattern-task.js';
export { SeededRandom } from './random.js';
export type { MinedRole, RoleSet, RoleSetMetrics, RoleSetOptions } from './role-set/role-set.js';
export type { SuspectedNoise, SuspectedNoiseOptions } from './suspected-noise/find-suspected-noise.js';
export type { SuspectedGrants } from './suspected-noise/suspicion-list.js';
export { ENGINE_VERSION } from './version.js';

import type { RoleCandidate } from './candidates/role-candidate.js';
import type { RoleOverlapOptions, RoleOverlaps } from './consolidation/role-overlap.js';
import type { ExcessivePrivilege, ExcessivePrivilegeOptions } from './excessive-privileges/excessive-privilege.js';
import type { AccessPattern, PatternOptions } from './patterns/access-pattern.js';
import type { RoleSet, RoleSetOptions } from './role-set/role-set.js';

export type MiningPhase = 'patterns' | 'roles' | 'privileges' | 'consolidation';

/** What a mining run is asked for; null leaves an analysis out. */
export interface MiningOptions {
  patterns: PatternOptions | null;
  roleSet: RoleSetOptions;
  excessivePrivileges: ExcessivePrivilegeOptions | null;
  roleOverlaps: RoleOverlapOptions | null;
}

/** How the caller of a whole run follows and stops it. */
export interface MiningControl {
  /** `fraction` of the phase, 0 to 1, never backwards within a phase; phases come in the order of `MiningPhase`. */
  onProgress?(phase: MiningPhase, fraction: number): void;
  isCancelled?(): boolean;
  now?(): number;
}

/** A point of the under-cover curve: so many of the best roles explain so much. */
export interface UnderCoverPoint {
  readonly coveragePercent: number;
  /** null when the roles of the set never reach it. */
  readonly roleCount: number | null;
}

export interface MiningResult {
  readonly patterns: readonly AccessPattern[];
  readonly roleSet: RoleSet;
  /** The roles of the set without those equal to an existing role, in the order of the role set. */
  readonly candidates: readonly RoleCandidate[];
  /** For 80, 90, 95, 99 and 100 percent. */
  readonly underCoverCurve: readonly UnderCoverPoint[];
  readonly excessivePrivileges: readonly ExcessivePrivilege[];
  readonly roleOverlaps: RoleOverlaps;
}

import type { RoleCandidate } from './candidates/role-candidate.js';
import type { RoleOverlaps } from './consolidation/role-overlap.js';
import type { ExcessivePrivilege } from './excessive-privileges/excessive-privilege.js';
import type { AccessPattern } from './patterns/access-pattern.js';
import type { SuspectedNoise } from './suspected-noise/find-suspected-noise.js';
import type { RoleSet } from './role-set/role-set.js';

/** A point of the under-cover curve: so many of the best roles explain so much. */
export interface UnderCoverPoint {
  readonly coveragePercent: number;
  /** null when the roles of the set never reach it. */
  readonly roleCount: number | null;
}

/** What a mining run found; an analysis that was left out found nothing. */
export interface MiningResult {
  readonly patterns: readonly AccessPattern[];
  readonly roleSet: RoleSet;
  /** The roles of the set without those equal to an existing role, in the order of the role set. */
  readonly candidates: readonly RoleCandidate[];
  /** For 80, 90, 95, 99 and 100 percent. */
  readonly underCoverCurve: readonly UnderCoverPoint[];
  readonly excessivePrivileges: readonly ExcessivePrivilege[];
  readonly roleOverlaps: RoleOverlaps;
  /** A review list, never applied; null when it was not asked for. */
  readonly suspectedNoise: SuspectedNoise | null;
}

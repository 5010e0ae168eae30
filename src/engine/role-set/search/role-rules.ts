import type { SeededRandom } from '../../random.js';
import type { SearchMeter } from './search-meter.js';
import type { WeightedUpa } from './weighted-upa.js';

export interface RoleThresholds {
  minUsers: number;
  minEntitlements: number;
  confidenceThreshold: number;
}

/** Answers kept at most; beyond that the cache starts anew (about 100 MB). */
const CACHE_LIMIT = 1 << 20;

/**
 * Which permission sets may be a role: enough users who hold all of it, enough entitlements, enough confidence. All
 * three depend on the permissions alone, not on who is given the role, so answers are cached by set.
 *
 * Confidence on the reduced matrix: a merged permission stands for several entitlements, which nobody holds in part, so
 * only permissions of weight 1 can be the single one that a user lacks.
 */
export class RoleRules {
  /** Nothing is forbidden: every biclique may be a role. */
  readonly allowAll: boolean;
  private readonly cache = new Map<number, boolean>();
  private readonly high: Float64Array;
  private readonly low: Float64Array;
  private readonly lacking: number[] = [];

  /** @param totalUsers of the original matrix, those who hold nothing included */
  constructor(
    private readonly upa: WeightedUpa,
    private readonly thresholds: RoleThresholds,
    private readonly totalUsers: number,
    random: SeededRandom,
    private readonly meter: SearchMeter,
  ) {
    this.allowAll = thresholds.minUsers <= 1 && thresholds.minEntitlements <= 1 && thresholds.confidenceThreshold <= 0;
    this.high = Float64Array.from({ length: upa.permissionCount }, () => random.below(1 << 26));
    this.low = Float64Array.from({ length: upa.permissionCount }, () => random.below(1 << 27));
  }

  /** Whether the set (distinct, not empty, held together by somebody) may be a role; with `extra` beside it if given. */
  allows(permissions: readonly number[], extra = -1): boolean {
    return this.allowAll || this.cached(permissions, extra, -1);
  }

  allowsWithout(permissions: readonly number[], left: number): boolean {
    if (this.allowAll) return true;
    return permissions.length > 1 && this.cached(permissions, -1, left);
  }

  /**
   * Makes the set allowed in place, if that is easy: closes it (entitlements that all members hold raise confidence and
   * size, never lower them), then takes out the entitlement that most users lack alone, again and again.
   */
  repair(permissions: number[]): boolean {
    this.close(permissions);
    while (permissions.length > 0) {
      const weakest = this.weakest(permissions);
      if (weakest === ALLOWED) return true;
      if (weakest === TOO_SMALL) return false;
      permissions.splice(weakest, 1);
    }
    return false;
  }

  private cached(permissions: readonly number[], extra: number, left: number): boolean {
    // Zobrist hashing: the sum over the set, 53 bits. A collision is caught when the result is expanded.
    let high = 0;
    let low = 0;
    for (let i = 0; i < permissions.length; i++) {
      high += this.high[permissions[i]];
      low += this.low[permissions[i]];
    }
    if (extra >= 0) {
      high += this.high[extra];
      low += this.low[extra];
    } else if (left >= 0) {
      high -= this.high[left];
      low -= this.low[left];
    }
    this.meter.work += permissions.length;
    const key = (high % (1 << 26)) * (1 << 27) + (low % (1 << 27));
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const set = left >= 0 ? permissions.filter((permission) => permission !== left) : [...permissions];
    if (extra >= 0) set.push(extra);
    const allowed = this.weakest(set) === ALLOWED;
    if (this.cache.size >= CACHE_LIMIT) this.cache.clear();
    this.cache.set(key, allowed);
    return allowed;
  }

  /**
   * Position of the permission whose absence would help most, or why there is none: ALLOWED, TOO_SMALL. Who lacks at
   * most one of the set holds at least one of its two rarest permissions, so only those users are looked at.
   */
  private weakest(permissions: readonly number[]): number {
    const { upa, lacking, meter } = this;
    const size = permissions.length;
    let entitlements = 0;
    let rarest = 0;
    let second = 1;
    for (let position = 0; position < size; position++) {
      entitlements += upa.permissionWeights[permissions[position]];
      if (this.support(permissions[position]) < this.support(permissions[rarest])) {
        second = rarest;
        rarest = position;
      } else if (
        position !== rarest &&
        (second === rarest || this.support(permissions[position]) < this.support(permissions[second]))
      ) {
        second = position;
      }
    }
    if (entitlements < this.thresholds.minEntitlements) return TOO_SMALL;
    lacking.length = size;
    lacking.fill(0);
    let members = 0;
    let end = upa.columnOffsets[permissions[rarest] + 1];
    for (let at = upa.columnOffsets[permissions[rarest]]; at < end; at++) {
      const user = upa.columnUsers[at];
      let missing = -1;
      let position = 0;
      for (; position < size; position++) {
        if (upa.edgeOf(user, permissions[position]) >= 0) continue;
        if (missing >= 0) break;
        missing = position;
      }
      meter.work += position + 1;
      if (position < size) continue;
      if (missing < 0) members += upa.userWeights[user];
      else lacking[missing] += upa.userWeights[user];
    }
    if (size === 1) lacking[0] = this.totalUsers - members;
    else {
      end = upa.columnOffsets[permissions[second] + 1];
      for (let at = upa.columnOffsets[permissions[second]]; at < end; at++) {
        const user = upa.columnUsers[at];
        if (upa.edgeOf(user, permissions[rarest]) >= 0) continue;
        let position = 0;
        while (position < size && (position === rarest || upa.edgeOf(user, permissions[position]) >= 0)) position++;
        meter.work += position + 1;
        if (position === size) lacking[rarest] += upa.userWeights[user];
      }
    }
    let mostLacking = 0;
    let leastConfident = -1;
    let mostMissed = 0;
    for (let position = 0; position < size; position++) {
      if (lacking[position] > lacking[mostMissed]) mostMissed = position;
      if (upa.permissionWeights[permissions[position]] > 1 || lacking[position] <= mostLacking) continue;
      leastConfident = position;
      mostLacking = lacking[position];
    }
    if (members / (members + mostLacking) < this.thresholds.confidenceThreshold) return leastConfident;
    return members >= this.thresholds.minUsers ? ALLOWED : mostMissed;
  }

  /** Adds what all members hold. */
  private close(permissions: number[]): void {
    const { upa } = this;
    let rarest = permissions[0];
    for (const permission of permissions) if (this.support(permission) < this.support(rarest)) rarest = permission;
    let common: number[] | null = null;
    for (let at = upa.columnOffsets[rarest]; at < upa.columnOffsets[rarest + 1]; at++) {
      const user = upa.columnUsers[at];
      this.meter.work += permissions.length;
      if (permissions.some((permission) => upa.edgeOf(user, permission) < 0)) continue;
      if (common === null) {
        common = [];
        for (let edge = upa.rowOffsets[user]; edge < upa.rowOffsets[user + 1]; edge++) {
          if (!permissions.includes(upa.rowPermissions[edge])) common.push(upa.rowPermissions[edge]);
        }
      } else {
        this.meter.work += common.length;
        common = common.filter((permission) => upa.edgeOf(user, permission) >= 0);
      }
      if (common.length === 0) return;
    }
    if (common !== null) permissions.push(...common);
  }

  private support(permission: number): number {
    return this.upa.columnOffsets[permission + 1] - this.upa.columnOffsets[permission];
  }
}

const ALLOWED = -1;
const TOO_SMALL = -2;

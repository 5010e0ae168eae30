import type { SeededRandom } from '../random.js';
import { pick } from '../role-set/search/pick.js';
import type { HierarchyState } from './hierarchy-state.js';

/**
 * Sets that may be worth being a role, made of what there is. Every method leaves one in `set`, or returns false when there is
 * none of its kind where it looked; whether it is allowed, new or not empty is for the caller to see.
 */
export class SetProposals {
  readonly set: Int32Array;

  constructor(
    private readonly state: HierarchyState,
    private readonly random: SeededRandom,
  ) {
    this.set = new Int32Array(state.bits.words);
  }

  /** What two or three users or roles that have something in common have in common. */
  intersection(): boolean {
    const { random } = this;
    const one = this.anyTarget();
    this.load(one);
    for (let others = random.below(3) === 0 ? 2 : 1; others > 0; others--) {
      const other = this.relatedTo(one);
      if (other >= 0) this.keepOnly(other);
    }
    return true;
  }

  /** Two to four of the members of a target's cover together. */
  union(): boolean {
    const { state, random, set } = this;
    const target = this.anyTarget();
    const members = [...state.covers[target]];
    if (members.length + (state.rests[target] > 0 ? 1 : 0) < 2) return false;
    set.fill(0);
    const rest = state.restBits(target).slice();
    for (let left = 2 + random.below(3); left > 0 && members.length + 1 > 0; left--) {
      const place = random.below(members.length + 1);
      if (place === members.length) {
        for (let word = 0; word < set.length; word++) set[word] |= rest[word];
        continue;
      }
      this.include(members[place]);
      members.splice(place, 1);
    }
    return true;
  }

  /** The parts of a target's cover that fit a related target too. */
  commonParts(): boolean {
    const { state, set } = this;
    const target = this.anyTarget();
    const other = this.relatedTo(target);
    if (other < 0 || other === target) return false;
    const { bits } = state;
    const { data, words } = bits;
    const rest = state.restBits(target);
    for (let word = 0; word < words; word++) set[word] = rest[word] & data[other * words + word];
    for (const role of state.covers[target]) if (bits.isSubset(role, other)) this.include(role);
    return true;
  }

  /** What two related targets are both left with, or one is left with and the other has. */
  commonRest(): boolean {
    const { state, set, random } = this;
    const target = this.anyTarget();
    if (state.rests[target] === 0) return false;
    const other = this.relatedTo(target);
    if (other < 0 || other === target) return false;
    set.set(state.restBits(target));
    if (random.below(2) === 0) this.keepOnly(other);
    else {
      const left = state.restBits(other);
      for (let word = 0; word < set.length; word++) set[word] &= left[word];
    }
    return true;
  }

  /** All that a user holds. */
  wholeUser(): boolean {
    this.load(this.random.below(this.state.userCount));
    return true;
  }

  /** A role that is there, a little larger or smaller: the set that may take the role's place. */
  variant(role: number): boolean {
    const { state, random, set } = this;
    this.load(role);
    const kind = random.below(4);
    if (kind === 0) {
      // All that the targets that use it have in common.
      const users = state.targetsOf[role].filter((target) => state.covers[target].includes(role));
      if (users.length === 0) return false;
      this.load(users[0]);
      for (const user of users) this.keepOnly(user);
    } else if (kind === 1) {
      const target = this.targetOf(role);
      if (target < 0) return false;
      this.keepOnly(target);
      const parts = state.covers[target].filter((other) => other !== role);
      if (parts.length > 0 && random.below(4) > 0) this.include(pick(parts, random));
      else this.includePermissionOf(target);
    } else if (kind === 2) {
      const juniors = state.covers[role];
      if (juniors.length > 0 && random.below(2) === 0) {
        const at = pick(juniors, random) * set.length;
        for (let word = 0; word < set.length; word++) set[word] &= ~state.bits.data[at + word];
      } else this.excludePermission();
    } else {
      const other = this.anyTarget();
      const related = random.below(2) === 0 ? other : this.relatedTo(role);
      if (related < 0) return false;
      this.keepOnly(related);
    }
    return true;
  }

  private anyTarget(): number {
    const { state, random } = this;
    if (state.roles.length === 0 || random.below(2) === 0) return random.below(state.userCount);
    return pick(state.roles, random);
  }

  private targetOf(role: number): number {
    const targets = this.state.targetsOf[role];
    return targets.length === 0 ? -1 : pick(targets, this.random);
  }

  /** A target with something that the given one has: −1 when there is none. */
  private relatedTo(target: number): number {
    const { state, random } = this;
    const cover = state.covers[target];
    if (cover.length > 0 && random.below(2) === 0) return this.targetOf(pick(cover, random));
    const { upa } = state;
    const permission = this.permissionOf(target);
    const from = upa.columnOffsets[permission];
    return upa.columnUsers[from + random.below(upa.columnOffsets[permission + 1] - from)];
  }

  private permissionOf(target: number): number {
    const { state, random } = this;
    const { upa } = state;
    if (target >= state.userCount) return pick(state.bits.permissionsOf(target), random);
    const from = upa.rowOffsets[target];
    return upa.rowPermissions[from + random.below(upa.rowOffsets[target + 1] - from)];
  }

  private includePermissionOf(target: number): void {
    const permission = this.permissionOf(target);
    this.set[permission >> 5] |= 1 << (permission & 31);
  }

  private excludePermission(): void {
    const { set, random } = this;
    const word = random.below(set.length);
    for (let step = 0; step < set.length; step++) {
      const at = (word + step) % set.length;
      if (set[at] === 0) continue;
      set[at] &= set[at] - 1;
      return;
    }
  }

  private load(slot: number): void {
    const { data, words } = this.state.bits;
    this.set.set(data.subarray(slot * words, (slot + 1) * words));
  }

  private include(slot: number): void {
    const { data, words } = this.state.bits;
    for (let word = 0, at = slot * words; word < words; word++, at++) this.set[word] |= data[at];
  }

  private keepOnly(slot: number): void {
    const { data, words } = this.state.bits;
    for (let word = 0, at = slot * words; word < words; word++, at++) this.set[word] &= data[at];
  }
}

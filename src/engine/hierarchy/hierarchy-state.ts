import type { SearchMeter } from '../role-set/search/search-meter.js';
import type { WeightedUpa } from '../role-set/search/weighted-upa.js';
import type { HierarchyCosts } from './hierarchy-costs.js';
import { PermissionBits } from './permission-bits.js';

/** A cover of everybody and of every role by roles, over the reduced matrix. */
export interface RoleHierarchy {
  readonly roles: readonly HierarchicalRole[];
  /** By user: the roles given, by their place in `roles`; what they do not give stays direct. */
  readonly rolesOfUser: readonly (readonly number[])[];
}

export interface HierarchicalRole {
  /** All of it, inherited and own, ascending. */
  readonly permissions: readonly number[];
  /** Places in the list of roles. */
  readonly juniors: readonly number[];
}

/** One entry of the log for taking moves back. */
type Change =
  | { readonly kind: 'cover'; readonly target: number; readonly cover: readonly number[]; readonly rest: number }
  | { readonly kind: 'added' | 'removed'; readonly role: number };

const TOLERANCE = 1e-9;
const NOTHING: readonly number[] = [];

/**
 * A family of permission sets, the roles, and for every *target*, a user or a role, its cover: roles within it (strictly
 * smaller ones for a role), and the *rest*, which is direct or the role's own. Inheriting only from strictly smaller roles,
 * roles cannot go in a circle. For a given family the cost splits into independent weighted set covers, one a target.
 *
 * Targets are slots: users first, then roles, whose slots are used again once a move is settled. Every change is logged
 * until `commit`. A cover is never changed, only replaced, so that the log and solutions may share it.
 */
export class HierarchyState {
  readonly bits: PermissionBits;
  /** Live roles in no order. */
  readonly roles: number[] = [];
  /** By target: roles in use for it. */
  readonly covers: (readonly number[])[] = [];
  /** By target: weight of the permissions that its cover leaves. */
  readonly rests: number[] = [];
  /** By target: all roles that lie within it, in no order. */
  readonly within: number[][] = [];
  /** By role: all targets that it lies within, in no order. */
  readonly targetsOf: number[][] = [];
  /** By role: targets that have it in their cover. */
  readonly useCounts: number[] = [];
  /** Roles that a cover gave up since they were last asked for, repeats included. */
  readonly givenUp: number[] = [];
  cost = 0;
  readonly userCount: number;
  private readonly places: number[] = [];
  private readonly weights: number[] = [];
  private readonly log: Change[] = [];
  private readonly freeSlots: number[] = [];
  private slotCount: number;
  private readonly left: Int32Array;
  private readonly once: Int32Array;

  constructor(
    readonly upa: WeightedUpa,
    readonly costs: HierarchyCosts,
    readonly meter: SearchMeter,
  ) {
    this.userCount = upa.userCount;
    this.slotCount = upa.userCount;
    this.bits = new PermissionBits(upa.permissionCount, upa.userCount + 64);
    const row = new Int32Array(this.bits.words);
    this.left = new Int32Array(this.bits.words);
    this.once = new Int32Array(this.bits.words);
    for (let user = 0; user < upa.userCount; user++) {
      row.fill(0);
      let rest = 0;
      for (let edge = upa.rowOffsets[user]; edge < upa.rowOffsets[user + 1]; edge++) {
        const permission = upa.rowPermissions[edge];
        row[permission >> 5] |= 1 << (permission & 31);
        rest += upa.permissionWeights[permission];
      }
      this.bits.write(user, row);
      this.weights[user] = upa.userWeights[user];
      this.within[user] = [];
      this.covers[user] = NOTHING;
      this.rests[user] = rest;
      this.cost += this.costOf(user, 0, rest);
    }
  }

  /** What one more permission left over costs the target, by its weight; a role in its cover costs 1. */
  private restPrice(target: number): number {
    return target < this.userCount ? this.costs.direct : 1;
  }

  private costOf(target: number, coverSize: number, rest: number): number {
    return target < this.userCount ? this.weights[target] * (coverSize + rest * this.costs.direct) : coverSize + rest;
  }

  /**
   * Adds the set as a role, all of it its own: nobody uses it yet.
   *
   * @returns its slot, or −1 when the set is empty or a role already
   */
  addRole(set: Int32Array): number {
    const slot = this.freeSlots.pop() ?? this.slotCount++;
    const { bits, upa, meter } = this;
    bits.write(slot, set);
    let rarest = -1;
    let fewest = Infinity;
    let rest = 0;
    for (let word = 0; word < bits.words; word++) {
      for (let left = set[word]; left !== 0; left &= left - 1) {
        const permission = (word << 5) + 31 - Math.clz32(left & -left);
        rest += upa.permissionWeights[permission];
        const holders = upa.columnOffsets[permission + 1] - upa.columnOffsets[permission];
        if (holders >= fewest) continue;
        fewest = holders;
        rarest = permission;
      }
    }
    meter.work += fewest === Infinity ? 0 : fewest + this.roles.length;
    const inside: number[] = [];
    const targets: number[] = [];
    let isNew = rarest >= 0;
    for (const role of this.roles) {
      if (bits.isSubset(role, slot)) {
        if (bits.isSubset(slot, role)) {
          isNew = false;
          break;
        }
        inside.push(role);
      } else if (bits.isSubset(slot, role)) targets.push(role);
    }
    if (!isNew) {
      this.freeSlots.push(slot);
      return -1;
    }
    for (let at = upa.columnOffsets[rarest]; at < upa.columnOffsets[rarest + 1]; at++) {
      if (bits.isSubset(slot, upa.columnUsers[at])) targets.push(upa.columnUsers[at]);
    }
    this.within[slot] = inside;
    this.targetsOf[slot] = targets;
    this.covers[slot] = NOTHING;
    this.rests[slot] = rest;
    this.useCounts[slot] = 0;
    this.cost += this.costs.role + this.costOf(slot, 0, rest);
    this.link(slot);
    this.log.push({ kind: 'added', role: slot });
    return slot;
  }

  /**
   * Takes a role away and covers again whom it was used for.
   *
   * @returns false as soon as the cost is above the limit: the move is then to be taken back
   */
  removeRole(role: number, limit: number): boolean {
    const targets = this.targetsOf[role].filter((target) => this.covers[target].includes(role));
    this.setCover(role, NOTHING, 0);
    this.cost -= this.costs.role;
    this.unlink(role);
    this.log.push({ kind: 'removed', role });
    for (const target of targets) {
      const kept = this.covers[target].filter((other) => other !== role);
      this.coverAgain(target, kept);
      if (this.cost > limit) return false;
    }
    return true;
  }

  private link(role: number): void {
    this.places[role] = this.roles.push(role) - 1;
    const targets = this.targetsOf[role];
    for (let i = 0; i < targets.length; i++) this.within[targets[i]].push(role);
    for (const junior of this.within[role]) this.targetsOf[junior].push(role);
    this.meter.work += targets.length;
  }

  private unlink(role: number): void {
    const last = this.roles.pop() as number;
    if (last !== role) {
      this.roles[this.places[role]] = last;
      this.places[last] = this.places[role];
    }
    const targets = this.targetsOf[role];
    for (let i = 0; i < targets.length; i++) take(this.within[targets[i]], role);
    for (const junior of this.within[role]) take(this.targetsOf[junior], role);
    this.meter.work += 4 * targets.length;
  }

  setCover(target: number, cover: readonly number[], rest: number): void {
    const before = this.covers[target];
    this.log.push({ kind: 'cover', target, cover: before, rest: this.rests[target] });
    for (const role of before) {
      this.useCounts[role]--;
      this.givenUp.push(role);
    }
    for (const role of cover) this.useCounts[role]++;
    this.cost += this.costOf(target, cover.length, rest) - this.costOf(target, before.length, this.rests[target]);
    this.covers[target] = cover;
    this.rests[target] = rest;
  }

  /** Weight of what the cover leaves of the target. */
  restOf(target: number, cover: readonly number[]): number {
    this.leave(target, cover);
    return this.weightLeft();
  }

  /** The permissions that the target's cover leaves, valid until the next call of any method. */
  restBits(target: number): Int32Array {
    this.leave(target, this.covers[target]);
    return this.left;
  }

  private leave(target: number, cover: readonly number[]): void {
    const { left, bits } = this;
    const { data, words } = bits;
    for (let word = 0, at = target * words; word < words; word++, at++) left[word] = data[at];
    for (let i = 0; i < cover.length; i++) {
      for (let word = 0, at = cover[i] * words; word < words; word++, at++) left[word] &= ~data[at];
    }
    this.meter.work += ((cover.length + 1) * words) >> 2;
  }

  private weightLeft(): number {
    const { left, upa } = this;
    let weight = 0;
    for (let word = 0; word < left.length; word++) {
      for (let rest = left[word]; rest !== 0; rest &= rest - 1) {
        weight += upa.permissionWeights[(word << 5) + 31 - Math.clz32(rest & -rest)];
      }
    }
    return weight;
  }

  /**
   * Covers the target anew, beginning with `kept`: greedily, the role first that gives most of what is left, as long as it
   * gives more than it costs; then what has become redundant goes.
   */
  coverAgain(target: number, kept: readonly number[]): void {
    const { left, bits, upa, meter } = this;
    const { data, words } = bits;
    const cover = [...kept];
    this.leave(target, kept);
    const roles = this.within[target];
    const least = 1 / this.restPrice(target);
    for (;;) {
      let best = -1;
      let most = least;
      for (let i = 0; i < roles.length; i++) {
        let gain = 0;
        for (let word = 0, at = roles[i] * words; word < words; word++, at++) {
          for (let both = left[word] & data[at]; both !== 0; both &= both - 1) {
            gain += upa.permissionWeights[(word << 5) + 31 - Math.clz32(both & -both)];
          }
        }
        if (gain > most) {
          most = gain;
          best = roles[i];
        }
      }
      meter.work += roles.length * words;
      if (best < 0) break;
      cover.push(best);
      for (let word = 0, at = best * words; word < words; word++, at++) left[word] &= ~data[at];
    }
    const rest = this.weightLeft();
    if (cover.length > kept.length) this.dropRedundant(cover, -1);
    this.setCover(target, cover, rest);
  }

  /**
   * Puts the role into the target's cover if that costs less: it must make others redundant, or give what was left.
   *
   * @returns whether it did
   */
  offer(role: number, target: number): boolean {
    const before = this.covers[target];
    const cover = [...before, role];
    this.dropRedundant(cover, role);
    const restBefore = this.rests[target];
    const price = this.restPrice(target);
    const saved = before.length - cover.length;
    if (saved + restBefore * price <= TOLERANCE && restBefore === 0) return false;
    const rest = restBefore === 0 ? 0 : this.restOf(target, cover);
    if (saved + (restBefore - rest) * price <= TOLERANCE) return false;
    this.setCover(target, cover, rest);
    return true;
  }

  /** Takes out roles that give nothing that the others do not, the earliest first; never `spared`. */
  private dropRedundant(cover: number[], spared: number): void {
    const { once, bits, meter } = this;
    const { data, words } = bits;
    let again = true;
    while (again && cover.length > 1) {
      again = false;
      this.markOnce(cover);
      meter.work += (cover.length * words) >> 1;
      for (let i = 0; i < cover.length; i++) {
        if (cover[i] === spared) continue;
        let unique = 0;
        for (let word = 0, at = cover[i] * words; word < words && unique === 0; word++, at++)
          unique = once[word] & data[at];
        if (unique !== 0) continue;
        cover.splice(i, 1);
        again = true;
        break;
      }
    }
  }

  /** Leaves in `once` what exactly one of the cover gives. */
  private markOnce(cover: readonly number[]): void {
    const { once, bits } = this;
    const { data, words } = bits;
    for (let word = 0; word < words; word++) {
      let one = 0;
      let more = 0;
      for (let i = 0; i < cover.length; i++) {
        const set = data[cover[i] * words + word];
        more |= one & set;
        one |= set;
      }
      once[word] = one & ~more;
    }
  }

  /**
   * Begins anew with the solution, and nothing to take back.
   *
   * @returns false when there was no time for all of it: the state is then of no use
   */
  show({ roles, rolesOfUser }: RoleHierarchy): boolean {
    this.commit();
    for (const role of [...this.roles]) {
      this.covers[role] = NOTHING;
      this.unlink(role);
      this.freeSlots.push(role);
    }
    this.cost = 0;
    for (let user = 0; user < this.userCount; user++) {
      this.covers[user] = NOTHING;
      this.rests[user] = this.restOf(user, NOTHING);
      this.cost += this.costOf(user, 0, this.rests[user]);
    }
    const slots: number[] = [];
    for (const { permissions } of roles) {
      if (this.meter.mustHurry()) return false;
      slots.push(this.addRole(this.bits.setOf(permissions)));
    }
    const cover = (target: number, places: readonly number[]): void => {
      const used = places.map((place) => slots[place]);
      this.setCover(target, used, this.restOf(target, used));
    };
    roles.forEach(({ juniors }, place) => cover(slots[place], juniors));
    rolesOfUser.forEach((places, user) => cover(user, places));
    this.commit();
    return true;
  }

  /** The place to go back to with `rollbackTo`. */
  get mark(): number {
    return this.log.length;
  }

  rollbackTo(mark: number): void {
    while (this.log.length > mark) this.takeBack(this.log.pop() as Change);
  }

  commit(): void {
    for (const change of this.log) if (change.kind === 'removed') this.freeSlots.push(change.role);
    this.log.length = 0;
  }

  private takeBack(change: Change): void {
    if (change.kind === 'cover') {
      const { target, cover, rest } = change;
      const now = this.covers[target];
      for (const role of now) this.useCounts[role]--;
      for (const role of cover) this.useCounts[role]++;
      this.cost += this.costOf(target, cover.length, rest) - this.costOf(target, now.length, this.rests[target]);
      this.covers[target] = cover;
      this.rests[target] = rest;
    } else if (change.kind === 'added') {
      this.cost -= this.costs.role + this.costOf(change.role, 0, this.rests[change.role]);
      this.unlink(change.role);
      this.freeSlots.push(change.role);
    } else {
      this.cost += this.costs.role;
      this.link(change.role);
    }
  }

  solution(): RoleHierarchy {
    const placeOf = new Map(this.roles.map((role, place) => [role, place]));
    const placesOf = (cover: readonly number[]): number[] => cover.map((role) => placeOf.get(role) as number);
    return {
      roles: this.roles.map((role) => ({
        permissions: this.bits.permissionsOf(role),
        juniors: placesOf(this.covers[role]),
      })),
      rolesOfUser: Array.from({ length: this.userCount }, (_, user) => placesOf(this.covers[user])),
    };
  }
}

function take(list: number[], value: number): void {
  const place = list.indexOf(value);
  const last = list.pop() as number;
  if (last !== value) list[place] = last;
}

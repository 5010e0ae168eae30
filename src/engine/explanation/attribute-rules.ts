import type { UserAttribute } from '../organisation.js';
import type { AttributeRule } from './explanation.js';

/** A rule while it is being looked for: items instead of names. An item is one value of one attribute. */
interface FoundRule {
  readonly items: readonly number[];
  readonly matchingUsers: number;
  readonly matchingMembers: number;
  readonly f1: number;
}

/**
 * Finds the attribute = value, or the conjunction of two, that sets a group of users apart best: the highest F1 over
 * all users, a single condition on a tie.
 *
 * What depends on the organisation alone is counted once: users per item, and users per pair of items where a pair is
 * worth a look. A question then costs a pass over the members. Items are left out as soon as even a rule that matched
 * nobody but the members who have them could not beat the best one so far: with F1 = 2·tp ÷ (members + matching), a
 * conjunction has at most the tp of its rarer item, and matches at least as many users.
 */
export class AttributeRules {
  private readonly attributeOfItem: Int32Array;
  private readonly firstItemOf: readonly number[];
  private readonly itemOffsets: Int32Array;
  private readonly itemsOfUsers: Int32Array;
  private readonly userOffsets: Int32Array;
  private readonly usersOfItems: Int32Array;
  private readonly usersOfPairs = new Map<number, Map<number, number>>();
  /** Scratch: members who have an item, and members who have it beside another one. Zero between questions. */
  private readonly members: Int32Array;
  private readonly together: Int32Array;

  constructor(
    userCount: number,
    private readonly attributes: readonly UserAttribute[],
  ) {
    let itemCount = 0;
    this.firstItemOf = attributes.map(({ values }) => (itemCount += values.length) - values.length);
    this.attributeOfItem = new Int32Array(itemCount);
    attributes.forEach(({ values }, attribute) =>
      this.attributeOfItem.fill(attribute, this.firstItemOf[attribute], this.firstItemOf[attribute] + values.length),
    );
    this.itemOffsets = new Int32Array(userCount + 1);
    this.itemsOfUsers = new Int32Array(
      attributes.reduce((sum, { valuesOfUser }) => sum + valuesOfUser.values.length, 0),
    );
    this.userOffsets = new Int32Array(itemCount + 1);
    let filled = 0;
    for (let user = 0; user < userCount; user++) {
      for (const [attribute, { valuesOfUser }] of attributes.entries()) {
        for (let at = valuesOfUser.offsets[user]; at < valuesOfUser.offsets[user + 1]; at++) {
          const item = this.firstItemOf[attribute] + valuesOfUser.values[at];
          this.itemsOfUsers[filled++] = item;
          this.userOffsets[item + 1]++;
        }
      }
      this.itemOffsets[user + 1] = filled;
    }
    for (let item = 0; item < itemCount; item++) this.userOffsets[item + 1] += this.userOffsets[item];
    this.usersOfItems = new Int32Array(filled);
    const next = this.userOffsets.slice(0, itemCount);
    for (let user = 0; user < userCount; user++) {
      for (let at = this.itemOffsets[user]; at < this.itemOffsets[user + 1]; at++) {
        this.usersOfItems[next[this.itemsOfUsers[at]]++] = user;
      }
    }
    this.members = new Int32Array(itemCount);
    this.together = new Int32Array(itemCount);
  }

  /** The best rule for these users; null when none of them has a value of any attribute. */
  bestFor(users: Int32Array): AttributeRule | null {
    const { members } = this;
    const items = this.countItems(users);
    let best: FoundRule | null = null;
    for (const item of items) {
      const f1 = f1Score(members[item], this.usersOf(item), users.length);
      if (best === null || f1 > best.f1) {
        best = { items: [item], matchingUsers: this.usersOf(item), matchingMembers: members[item], f1 };
      }
    }
    if (best !== null) best = this.bestConjunction(users, items, best);
    for (const item of items) members[item] = 0;
    return best && this.named(best, users.length);
  }

  /** Fills `members`; returns the items that occur, ascending. */
  private countItems(users: Int32Array): number[] {
    const items: number[] = [];
    for (const user of users) {
      for (let at = this.itemOffsets[user]; at < this.itemOffsets[user + 1]; at++) {
        if (this.members[this.itemsOfUsers[at]]++ === 0) items.push(this.itemsOfUsers[at]);
      }
    }
    return items.sort((a, b) => a - b);
  }

  private bestConjunction(users: Int32Array, items: readonly number[], single: FoundRule): FoundRule {
    const { members, together, itemOffsets, itemsOfUsers } = this;
    const couldBeat = (rule: FoundRule, matchingMembers: number): boolean =>
      f1Score(matchingMembers, matchingMembers, users.length) > rule.f1;
    let best = single;
    // Those with most members first: what they reach leaves out most of the rest.
    const promising = items
      .filter((item) => couldBeat(best, members[item]))
      .sort((a, b) => members[b] - members[a] || a - b);
    if (promising.length < 2) return best;
    const holders = this.holdersAmong(users, promising);
    for (const [rank, item] of promising.entries()) {
      if (!couldBeat(best, members[item])) break;
      const partners: number[] = [];
      for (const user of holders[rank]) {
        for (let at = itemOffsets[user]; at < itemOffsets[user + 1]; at++) {
          if (together[itemsOfUsers[at]]++ === 0) partners.push(itemsOfUsers[at]);
        }
      }
      for (const partner of partners) {
        const matchingMembers = together[partner];
        together[partner] = 0;
        // A partner with more members, or as many and a lower number, has already met this item.
        if (members[partner] > members[item] || (members[partner] === members[item] && partner <= item)) continue;
        if (!couldBeat(best, matchingMembers)) continue;
        const matchingUsers = this.usersOfBoth(item, partner);
        const f1 = f1Score(matchingMembers, matchingUsers, users.length);
        const pair = [Math.min(item, partner), Math.max(item, partner)];
        if (f1 > best.f1) best = { items: pair, matchingUsers, matchingMembers, f1 };
      }
    }
    return best;
  }

  /** For each of some items, which of the users have it. */
  private holdersAmong(users: Int32Array, items: readonly number[]): Int32Array[] {
    const { members, together, itemOffsets, itemsOfUsers } = this;
    const holders = items.map((item) => new Int32Array(members[item]));
    items.forEach((item, rank) => (together[item] = rank + 1));
    const filled = new Int32Array(items.length);
    for (const user of users) {
      for (let at = itemOffsets[user]; at < itemOffsets[user + 1]; at++) {
        const rank = together[itemsOfUsers[at]] - 1;
        if (rank >= 0) holders[rank][filled[rank]++] = user;
      }
    }
    for (const item of items) together[item] = 0;
    return holders;
  }

  private usersOf(item: number): number {
    return this.userOffsets[item + 1] - this.userOffsets[item];
  }

  /** Counted for all partners of the rarer item at once, and kept: candidates ask for the same pairs again. */
  private usersOfBoth(a: number, b: number): number {
    const [rarer, other] =
      this.usersOf(a) < this.usersOf(b) || (this.usersOf(a) === this.usersOf(b) && a < b) ? [a, b] : [b, a];
    let counts = this.usersOfPairs.get(rarer);
    if (counts === undefined) {
      counts = new Map();
      for (let at = this.userOffsets[rarer]; at < this.userOffsets[rarer + 1]; at++) {
        const user = this.usersOfItems[at];
        for (let place = this.itemOffsets[user]; place < this.itemOffsets[user + 1]; place++) {
          const item = this.itemsOfUsers[place];
          counts.set(item, (counts.get(item) ?? 0) + 1);
        }
      }
      this.usersOfPairs.set(rarer, counts);
    }
    return counts.get(other) ?? 0;
  }

  private named({ items, matchingUsers, matchingMembers, f1 }: FoundRule, memberCount: number): AttributeRule {
    return {
      conditions: items.map((item) => {
        const attribute = this.attributeOfItem[item];
        const { name, values } = this.attributes[attribute];
        return { attribute: name, value: values[item - this.firstItemOf[attribute]] };
      }),
      precision: matchingMembers / matchingUsers,
      recall: matchingMembers / memberCount,
      f1,
      matchingUsers,
      matchingMembers,
    };
  }
}

function f1Score(matchingMembers: number, matchingUsers: number, memberCount: number): number {
  return (2 * matchingMembers) / (memberCount + matchingUsers);
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { UserAttribute } from '../organisation.js';
import { AttributeRules } from './attribute-rules.js';

/** One list of values per user. */
function attribute(name: string, valuesOfUsers: string[][]): UserAttribute {
  const values = [...new Set(valuesOfUsers.flat())].sort();
  const offsets = new Int32Array(valuesOfUsers.length + 1);
  valuesOfUsers.forEach((list, user) => (offsets[user + 1] = offsets[user] + list.length));
  const indices = valuesOfUsers.flatMap((list) => list.map((value) => values.indexOf(value)).sort((a, b) => a - b));
  return { name, values, valuesOfUser: { offsets, values: Int32Array.from(indices) } };
}

function users(count: number): number[] {
  return Array.from({ length: count }, (_, user) => user);
}

describe('AttributeRules', () => {
  it('finds the value that nearly all members and hardly anybody else have', () => {
    const department = attribute('department', [['Sales'], ['Sales'], ['Sales'], ['IT'], ['IT'], []]);
    const site = attribute('site', [['Rome'], ['Oslo'], ['Rome'], ['Rome'], ['Oslo'], ['Oslo']]);

    expect(new AttributeRules(6, [site, department]).bestFor(Int32Array.of(0, 1))).toEqual({
      conditions: [{ attribute: 'department', value: 'Sales' }],
      precision: 2 / 3,
      recall: 1,
      f1: 0.8,
      matchingUsers: 3,
      matchingMembers: 2,
    });
  });

  it('finds a conjunction where it is better than any single value', () => {
    const department = attribute('department', [['Sales'], ['Sales'], ['Sales'], ['IT'], ['IT'], ['IT']]);
    const site = attribute('site', [['Rome'], ['Rome'], ['Oslo'], ['Rome'], ['Oslo'], ['Oslo']]);

    expect(new AttributeRules(6, [department, site]).bestFor(Int32Array.of(0, 1))?.conditions).toEqual([
      { attribute: 'department', value: 'Sales' },
      { attribute: 'site', value: 'Rome' },
    ]);
  });

  it('knows no rule for users without attributes', () => {
    const department = attribute('department', [[], ['IT']]);

    expect(new AttributeRules(2, [department]).bestFor(Int32Array.of(0))).toBeNull();
    expect(new AttributeRules(2, []).bestFor(Int32Array.of(0))).toBeNull();
  });

  it('reaches the best F1 of all values and pairs of values, on random attributes', () => {
    const value = fc.constantFrom('a', 'b', 'c', 'd');
    const someone = fc.record({
      one: fc.uniqueArray(value, { maxLength: 1 }),
      two: fc.uniqueArray(value, { maxLength: 1 }),
      several: fc.uniqueArray(value, { maxLength: 3 }),
      isMember: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(someone, { minLength: 1, maxLength: 30 }), fc.array(fc.nat()), (people, second) => {
        const rules = new AttributeRules(people.length, [
          attribute(
            'one',
            people.map(({ one }) => one),
          ),
          attribute(
            'two',
            people.map(({ two }) => two),
          ),
          attribute(
            'several',
            people.map(({ several }) => several),
          ),
        ]);
        const itemsOf = people.map(({ one, two, several }) => [
          ...one.map((text) => `one ${text}`),
          ...two.map((text) => `two ${text}`),
          ...several.map((text) => `several ${text}`),
        ]);
        const items = [...new Set(itemsOf.flat())];
        // The second question must not see anything of the first.
        for (const members of [
          users(people.length).filter((user) => people[user].isMember),
          [...new Set(second.map((user) => user % people.length))],
        ]) {
          const f1Of = (conditions: string[]): number => {
            const matching = users(people.length).filter((user) =>
              conditions.every((item) => itemsOf[user].includes(item)),
            );
            const matchingMembers = matching.filter((user) => members.includes(user)).length;
            return matchingMembers === 0 ? 0 : (2 * matchingMembers) / (matching.length + members.length);
          };
          const expected = Math.max(0, ...items.flatMap((first) => items.map((other) => f1Of([first, other]))));

          const rule = rules.bestFor(Int32Array.from(members));

          expect(rule?.f1 ?? 0).toBe(expected);
          if (rule === null) continue;
          expect(f1Of(rule.conditions.map((condition) => `${condition.attribute} ${condition.value}`))).toBe(rule.f1);
          expect(rule.precision).toBe(rule.matchingMembers / rule.matchingUsers);
          expect(rule.recall).toBe(rule.matchingMembers / members.length);
          expect((2 * rule.matchingMembers) / (rule.matchingUsers + members.length)).toBe(rule.f1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

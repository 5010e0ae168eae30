import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateOrganisation, type SyntheticOrganisation } from './generate-organisation.js';
import { listAt } from './integer-list-builder.js';

/** Roles expanded, minus the deleted, plus the added assignments, as one sorted list of "user entitlement". */
function truthOf({ plantedRoles, added, deleted }: SyntheticOrganisation): string[] {
  const pairs = new Set<string>();
  plantedRoles.names.forEach((_, role) => {
    for (const user of listAt(plantedRoles.members, role)) {
      for (const entitlement of listAt(plantedRoles.entitlements, role)) pairs.add(`${user} ${entitlement}`);
    }
  });
  deleted.users.forEach((user, at) => {
    if (!pairs.delete(`${user} ${deleted.entitlements[at]}`)) throw new Error('deleted what was not there');
  });
  added.users.forEach((user, at) => {
    const pair = `${user} ${added.entitlements[at]}`;
    if (pairs.has(pair)) throw new Error('added what was there');
    pairs.add(pair);
  });
  return [...pairs].sort();
}

function assignmentsOf({ rows, userCount }: SyntheticOrganisation): string[] {
  const pairs: string[] = [];
  for (let user = 0; user < userCount; user++) {
    for (const entitlement of listAt(rows, user)) pairs.push(`${user} ${entitlement}`);
  }
  return pairs.sort();
}

function jaccardPercent(a: Int32Array, b: Int32Array): number {
  const shared = a.filter((value) => b.includes(value)).length;
  return (100 * shared) / (a.length + b.length - shared);
}

describe('generateOrganisation', () => {
  it('assigns exactly what the planted roles and the planted noise say, at any size', () => {
    fc.assert(
      fc.property(
        fc.record({
          users: fc.integer({ min: 1, max: 300 }),
          entitlements: fc.integer({ min: 1, max: 200 }),
          seed: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
          noise: fc.record({
            fraction: fc.constantFrom(0, 0.02, 0.4),
            spread: fc.constantFrom('uniform' as const, 'department' as const),
          }),
        }),
        (options) => {
          const organisation = generateOrganisation(options);
          expect(assignmentsOf(organisation)).toEqual(truthOf(organisation));
          expect(organisation.entitlements.filter(Boolean)).toHaveLength(options.entitlements);
          expect(new Set(organisation.entitlements.map(({ name }) => name)).size).toBe(options.entitlements);
          for (let user = 0; user < options.users; user++) {
            const row = listAt(organisation.rows, user);
            expect(row.every((entitlement, at) => at === 0 || entitlement > row[at - 1])).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the same organisation for the same seed and another for another', () => {
    const options = { users: 500, entitlements: 200, seed: 7 };
    expect(generateOrganisation(options)).toEqual(generateOrganisation(options));
    expect(generateOrganisation({ ...options, seed: 8 }).rows).not.toEqual(generateOrganisation(options).rows);
  });

  it('leaves people and roles as they are when only the noise changes', () => {
    const quiet = generateOrganisation({
      users: 500,
      entitlements: 200,
      seed: 7,
      noise: { fraction: 0, spread: 'uniform' },
    });
    const noisy = generateOrganisation({ users: 500, entitlements: 200, seed: 7 });
    expect(noisy.plantedRoles).toEqual(quiet.plantedRoles);
    expect(noisy.attributes).toEqual(quiet.attributes);
    expect(quiet.added.users).toHaveLength(0);
    expect(quiet.deleted.users).toHaveLength(0);
  });

  it.each(['uniform', 'department'] as const)('plants about the asked share of %s noise', (spread) => {
    const { rows, added, deleted } = generateOrganisation({
      users: 5000,
      entitlements: 1000,
      seed: 3,
      noise: { fraction: 0.05, spread },
    });
    for (const { users } of [added, deleted]) {
      expect(users.length / rows.values.length).toBeGreaterThan(0.045);
      expect(users.length / rows.values.length).toBeLessThan(0.055);
    }
  });

  it('puts clustered noise into few departments', () => {
    const { attributes, deleted } = generateOrganisation({
      users: 5000,
      entitlements: 1000,
      seed: 3,
      noise: { fraction: 0.02, spread: 'department' },
    });
    const [department] = attributes;
    const perDepartment = department.values.map(() => 0);
    for (const user of deleted.users) perDepartment[department.valuesOfUser.values[user]]++;
    perDepartment.sort((a, b) => b - a);
    const fifth = perDepartment.slice(0, Math.round(perDepartment.length / 5)).reduce((sum, n) => sum + n, 0);
    expect(fifth / deleted.users.length).toBeGreaterThan(0.7);
  });

  it('gives members of existing roles nothing that the assignments do not', () => {
    const organisation = generateOrganisation({ users: 2000, entitlements: 400, seed: 1 });
    const { existingRoles } = organisation;
    for (let role = 0; role < existingRoles.count; role++) {
      for (const user of listAt(existingRoles.members, role)) {
        const row = listAt(organisation.rows, user);
        expect([...listAt(existingRoles.entitlements, role)].every((e) => row.includes(e))).toBe(true);
      }
    }
  });

  it('has something of every kind in the example organisation of 2,000 users', () => {
    const organisation = generateOrganisation({ users: 2000, entitlements: 400, seed: 1 });
    const { existingRoles, plantedRoles, rows, overPrivilegedUsers } = organisation;
    let overlaps = 0;
    for (let a = 0; a < existingRoles.count; a++) {
      for (let b = 0; b < a; b++) {
        const percent = jaccardPercent(listAt(existingRoles.entitlements, a), listAt(existingRoles.entitlements, b));
        if (percent >= 70) overlaps++;
      }
    }
    expect(overlaps).toBeGreaterThanOrEqual(5);
    expect(plantedRoles.names.length - existingRoles.count).toBeGreaterThanOrEqual(20);
    expect(rows.values.length / 2000).toBeGreaterThan(15);
    expect(rows.values.length / 2000).toBeLessThan(25);
    for (const user of overPrivilegedUsers) {
      expect(listAt(rows, user).length).toBeGreaterThan((1.5 * rows.values.length) / 2000);
    }
    expect(organisation.deleted.users.length).toBeGreaterThan(500);
  });

  it('draws usage for most assignments, some recent, some long ago', () => {
    const { daysUnused } = generateOrganisation({ users: 500, entitlements: 200, seed: 1 });
    const share = (test: (days: number) => boolean): number => daysUnused.filter(test).length / daysUnused.length;
    expect(share((days) => days === -1)).toBeGreaterThan(0.04);
    expect(share((days) => days >= 0 && days < 90)).toBeGreaterThan(0.5);
    expect(share((days) => days > 90)).toBeGreaterThan(0.1);
  });

  it.each([
    [{ users: 0, entitlements: 5, seed: 1 }, 'users must be an integer of at least 1, got 0'],
    [{ users: 5, entitlements: 1.5, seed: 1 }, 'entitlements must be an integer of at least 1, got 1.5'],
    [
      { users: 5, entitlements: 5, seed: 1, noise: { fraction: 0.5, spread: 'uniform' as const } },
      'the noise fraction must be between 0 and 0.4, got 0.5',
    ],
  ])('refuses %j', (options, message) => {
    expect(() => generateOrganisation(options)).toThrow(message);
  });
});

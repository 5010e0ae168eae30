import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { roleCoverage } from './role-coverage.js';

describe('roleCoverage', () => {
  it('counts what is new and what would stay direct, on random roles', () => {
    const rows = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 8 }), { minLength: 1, maxLength: 8 });
    const choices = fc.array(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, choices, (access, entitlementSets) => {
        const roles = entitlementSets.map((entitlements) => ({
          entitlements: Int32Array.from(entitlements).sort(),
          users: Int32Array.from(access.keys()).filter((user) => entitlements.every((e) => access[user].includes(e))),
        }));
        const pairs = roles.map(({ users, entitlements }) =>
          Array.from(users).flatMap((user) => Array.from(entitlements, (entitlement) => `${user} ${entitlement}`)),
        );

        const { notCoveredEarlier, coveredByNoOther } = roleCoverage(accessMatrixFromLists(access, 8), roles);

        const earlier = (role: number): string[] => pairs.slice(0, role).flat();
        const others = (role: number): string[] => pairs.filter((_, other) => other !== role).flat();
        const expectNew = pairs.map((own, role) => own.filter((pair) => !earlier(role).includes(pair)).length);
        const expectOnly = pairs.map((own, role) => own.filter((pair) => !others(role).includes(pair)).length);
        expect([...notCoveredEarlier]).toEqual(expectNew);
        expect([...coveredByNoOther]).toEqual(expectOnly);
      }),
    );
  });
});

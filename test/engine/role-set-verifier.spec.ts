import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mine, type RoleSetOptions } from '../../src/engine/index.js';
import { claimsOf, organisationOf } from '../support/claimed-results.js';
import {
  parseHeldAccess,
  verifyPatterns,
  verifyRoleSet,
  type ClaimedRole,
  type ClaimedRoleSet,
} from '../support/role-set-verifier.js';

const access = parseHeldAccess('a x\na y\nb x\nb y\nc x\nc z\n');
const anything = { minUsers: 1, minEntitlements: 1, confidence: 0, complete: false };

const role: ClaimedRole = { entitlements: ['x', 'y'], users: ['a', 'b'], members: ['a', 'b'], confidence: 2 / 3 };
const right: ClaimedRoleSet = {
  roles: [role],
  direct: [
    ['c', 'x'],
    ['c', 'z'],
  ],
  metrics: {
    roleCount: 1,
    userAssignments: 2,
    permissionAssignments: 2,
    directAssignments: 2,
    wsc: 7,
    coverage: 4 / 6,
  },
};

function withRole(change: Partial<ClaimedRole>): ClaimedRoleSet {
  return { ...right, roles: [{ ...role, ...change }] };
}

describe('verifyRoleSet', () => {
  it('finds nothing wrong with a right role set', () => {
    expect(verifyRoleSet(access, right, anything)).toEqual([]);
  });

  it.each<[ClaimedRoleSet, object, string]>([
    [withRole({ users: ['a', 'b', 'c'] }), {}, 'role 0: c are given what they do not hold'],
    [withRole({ users: ['a', 'a'] }), {}, 'role 0: a user is listed twice'],
    [withRole({ entitlements: ['x', 'x', 'y'] }), {}, 'role 0: an entitlement is listed twice'],
    [withRole({ users: [] }), {}, 'role 0: it has no entitlements or no users'],
    [withRole({ members: ['a'] }), {}, 'role 0: 2 hold all of it, 1 are members'],
    [withRole({ confidence: 1 }), {}, `role 0: its confidence is ${2 / 3}, said to be 1`],
    [right, { minUsers: 3 }, 'role 0: 2 members, fewer than 3'],
    [right, { minEntitlements: 3 }, 'role 0: 2 entitlements, fewer than 3'],
    [right, { confidence: 0.7 }, `role 0: its confidence of ${2 / 3} is below 0.7`],
    [right, { complete: true }, 'complete, but 2 stay direct'],
    [{ ...right, direct: [['c', 'x']] }, {}, '2 assignments are explained by no role, 1 are listed as direct'],
    [{ ...right, direct: [...right.direct, ['c', 'z']] }, {}, 'a direct assignment is listed twice'],
    [{ ...right, metrics: { ...right.metrics, wsc: 6 } }, {}, 'wsc is 7, said to be 6'],
    [{ ...right, metrics: { ...right.metrics, coverage: 1 } }, {}, `coverage is ${1 - 2 / 6}, said to be 1`],
  ])('finds the fault of a wrong one (%#)', (claimed, wanted, fault) => {
    expect(verifyRoleSet(access, claimed, { ...anything, ...wanted })).toContain(fault);
  });
});

describe('verifyPatterns', () => {
  const pattern = { entitlements: ['x', 'y'], userCount: 2, exactUserCount: 2, sampleUsers: ['a', 'b'] };
  const wanted = { minUsers: 1, minEntitlements: 1 };

  it.each<[object, string]>([
    [{ entitlements: ['y'] }, 'pattern 0: it is not closed: all of its users hold 2 entitlements'],
    [{ userCount: 3 }, 'pattern 0: 2 users hold it, said to be 3'],
    [{ exactUserCount: 1 }, 'pattern 0: 2 hold exactly it, said to be 1'],
    [{ sampleUsers: ['a', 'c'] }, 'pattern 0: its sample is not of ten users who hold it'],
  ])('finds the fault of %j', (change, fault) => {
    expect(verifyPatterns(access, [pattern], wanted)).toEqual([]);
    expect(verifyPatterns(access, [{ ...pattern, ...change }], wanted)).toContain(fault);
  });

  it('finds what is below the thresholds, and repeats', () => {
    expect(verifyPatterns(access, [pattern], { minUsers: 3, minEntitlements: 1 })).toEqual([
      'pattern 0: it is below the thresholds',
    ]);
    expect(verifyPatterns(access, [pattern, pattern], wanted)).toEqual(['pattern 1: it is listed twice']);
  });
});

describe('mine', () => {
  it('gives what the verifier agrees with, on random access and options', () => {
    const pairs = fc.array(fc.tuple(fc.nat(9), fc.nat(7)), { maxLength: 60 });
    const options = fc.record({
      objective: fc.constantFrom('wsc' as const, 'roles' as const),
      complete: fc.boolean(),
      minUsers: fc.integer({ min: 1, max: 4 }),
      minEntitlements: fc.integer({ min: 1, max: 3 }),
      confidenceThreshold: fc.constantFrom(0, 0.5, 0.6, 1),
      seed: fc.integer(),
      stepBudget: fc.constantFrom(0, 50),
    });
    fc.assert(
      fc.property(pairs, options, (made, roleSet: RoleSetOptions) => {
        const held = parseHeldAccess(made.map(([user, entitlement]) => `u${user} e${entitlement}`).join('\n'));
        const numbered = organisationOf(held);
        const { minUsers, minEntitlements, confidenceThreshold, complete } = roleSet;

        const result = mine(numbered.organisation, {
          patterns: { minUsers, minEntitlements, limit: Infinity },
          roleSet,
          excessivePrivileges: null,
          roleOverlaps: null,
          suspectedNoise: null,
        });

        const claims = claimsOf(numbered, result);
        const thresholds = complete
          ? { minUsers: 1, minEntitlements: 1, confidence: 0, complete }
          : { minUsers, minEntitlements, confidence: confidenceThreshold, complete };
        expect(verifyRoleSet(held, claims.roleSet, thresholds)).toEqual([]);
        expect(verifyPatterns(held, claims.patterns, { minUsers, minEntitlements })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

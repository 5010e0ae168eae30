import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NearMissCounter } from '../confidence.js';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import type { IntegerLists, Organisation } from '../organisation.js';
import type { MinedRole } from '../role-set/role-set.js';
import { describeCandidates } from './describe-candidates.js';
import { ExistingRoleIndex } from './existing-role-index.js';

function lists(of: readonly (readonly number[])[]): IntegerLists {
  const offsets = new Int32Array(of.length + 1);
  of.forEach((list, index) => (offsets[index + 1] = offsets[index] + list.length));
  return { offsets, values: Int32Array.from(of.flat()) };
}

function organisation(rows: number[][], entitlementCount: number, existing: number[][]): Organisation {
  return {
    matrix: accessMatrixFromLists(rows, entitlementCount),
    entitlementNames: Array.from({ length: entitlementCount }, (_, e) => `entitlement ${e}`),
    entitlementApplications: Array.from({ length: entitlementCount }, () => null),
    attributes: [
      { name: 'team', values: ['blue', 'red'], valuesOfUser: lists(rows.map((_, user) => (user < 3 ? [0] : [1]))) },
    ],
    existingRoles: {
      count: existing.length,
      names: existing.map((_, role) => `existing ${role}`),
      entitlements: lists(existing),
      members: lists(existing.map(() => [])),
    },
  };
}

describe('describeCandidates', () => {
  const rows = [[0, 1, 2], [0, 1, 2], [0, 1, 2, 3], [0, 1, 3], [3]];
  const counter = new NearMissCounter(accessMatrixFromLists(rows, 4));
  const role = (entitlements: number[], users: number[]): MinedRole => ({
    ...counter.count(Int32Array.from(entitlements)),
    entitlements: Int32Array.from(entitlements),
    ownEntitlements: Int32Array.from(entitlements),
    juniors: new Int32Array(0),
    users: Int32Array.from(users),
    confidence: 0.5,
  });

  it('names the juniors of a candidate: other candidates, and roles that there are', () => {
    const inheriting = (own: MinedRole, juniors: number[]): MinedRole => ({
      ...own,
      juniors: Int32Array.from(juniors),
    });
    const roles = [
      inheriting(role([0, 1, 2], [0, 1, 2]), [1, 3]),
      role([0, 1], []),
      inheriting(role([0, 1, 3], [2, 3]), [1]),
      role([2], []),
    ];

    const candidates = describeCandidates(organisation(rows, 4, [[3], [0, 1]]), roles);

    expect(candidates.map(({ role: { entitlements } }) => [...entitlements])).toEqual([[0, 1, 2], [0, 1, 3], [2]]);
    expect(candidates.map(({ juniors }) => juniors)).toEqual([[2], [], []]);
    expect(candidates.map(({ existingJuniors }) => existingJuniors)).toEqual([[1], [1], []]);
  });

  it('explains a candidate in numbers', () => {
    const roles = [role([0, 1, 2], [0, 1, 2]), role([0, 1, 3], [2, 3])];

    const [first, second] = describeCandidates(organisation(rows, 4, []), roles);

    expect(first.explanation).toEqual({
      assignmentsCovered: 9,
      newAssignmentsCovered: 9,
      // Of its nine assignments the second role covers (2, 0) and (2, 1) too: 1 + 3 + 3 − 7.
      complexityChange: 0,
      nearMisses: [{ entitlement: 2, userCount: 1 }],
      usersLackingTwo: 0,
      attributeRule: {
        conditions: [{ attribute: 'team', value: 'blue' }],
        precision: 1,
        recall: 1,
        f1: 1,
        matchingUsers: 3,
        matchingMembers: 3,
      },
    });
    expect(second.explanation).toMatchObject({
      assignmentsCovered: 6,
      newAssignmentsCovered: 4,
      complexityChange: 2,
      nearMisses: [{ entitlement: 3, userCount: 2 }],
      usersLackingTwo: 1,
    });
    expect(first.name).not.toBe(second.name);
  });

  it('leaves out what is already a role, and says what only varies one', () => {
    const roles = [role([0, 1, 2], [0, 1, 2]), role([0, 1], [3]), role([0, 3], [2, 3]), role([3], [4])];

    const candidates = describeCandidates(organisation(rows, 4, [[0, 1, 2], [0, 1, 2, 3], [1], []]), roles);

    expect(candidates.map((candidate) => [[...candidate.role.entitlements], candidate.existingRole])).toEqual([
      [[0, 1], 0],
      [[0, 3], 1],
      [[3], 1],
    ]);
  });

  it('stops when cancelled', () => {
    expect(describeCandidates(organisation(rows, 4, []), [role([0], [0])], { isCancelled: () => true })).toEqual([]);
  });
});

describe('ExistingRoleIndex', () => {
  it('agrees with the comparison with every role, on random roles', () => {
    const set = fc.uniqueArray(fc.nat(6), { maxLength: 6 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(set, { maxLength: 12 }), fc.array(set, { maxLength: 4 }), (existing, asked) => {
        const index = new ExistingRoleIndex(organisation([], 7, existing).existingRoles, 7);
        for (const entitlements of asked) {
          const jaccards = existing.map((other) => {
            const shared = other.filter((entitlement) => entitlements.includes(entitlement)).length;
            const contained = shared > 0 && (shared === other.length || shared === entitlements.length);
            return contained ? shared / (other.length + entitlements.length - shared) : 0;
          });
          const best = Math.max(0, ...jaccards);
          const expected =
            best === 1
              ? { kind: 'equal', role: jaccards.indexOf(1) }
              : best === 0
                ? { kind: 'none' }
                : { kind: 'variant', role: jaccards.indexOf(best) };

          expect(index.relationOf(Int32Array.from(entitlements))).toEqual(expected);
        }
      }),
    );
  });
});

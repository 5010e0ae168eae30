import { describe, expect, it } from '@jest/globals';
import {
  type Case,
  check,
  independence,
  refusal,
  type Result,
  tampered,
  withDirect,
} from '../../support/verified-results.js';

const resultCases: readonly Case<Result>[] = [
  [
    'a role that gives too much',
    (r) => r.roles[0].users.push('dan'),
    'role 1 would give "dan" → "invoices", which is not held',
  ],
  [
    'an assignment left out',
    (r) => (r.direct = []),
    '"gus" → "vault" is held, but neither a role nor a direct assignment gives it',
  ],
  ['a member left out', (r) => r.roles[1].users.pop(), '"fay" → "payments" is held, but neither a role nor'],
  ['a role left out', (r) => r.roles.pop(), '"dan" → "payments" is held, but neither'],
  ['a role without users', (r) => (r.roles[0].users = []), 'role 1 has no users'],
  ['a role without entitlements', (r) => (r.roles[0].entitlements = []), 'role 1 has no entitlements'],
  ['a user twice in a role', (r) => r.roles[0].users.push('ann'), 'role 1 lists "ann" twice'],
  ['an entitlement twice in a role', (r) => r.roles[1].entitlements.push('ledger'), 'role 2 lists "ledger" twice'],
  ['an unknown user', (r) => r.roles[0].users.push('zoe'), 'role 1 names the user "zoe", which the data do not have'],
  ['an unknown entitlement', (r) => r.roles[0].entitlements.push('keys'), 'role 1 names the entitlement "keys", which'],
  ['a confidence', (r) => (r.roles[0].confidence = 0.75), 'role 1 has a confidence of 0.5, not 0.75'],
  [
    'the least confidence',
    (r) => (r.parameters.confidence_threshold = 0.6),
    'role 1 has a confidence of 0.5, less than 0.6',
  ],
  ['the least number of users', (r) => (r.parameters.min_users = 4), 'role 1 has 3 members, fewer than 4'],
  [
    'the least number of entitlements',
    (r) => (r.parameters.min_entitlements = 3),
    'role 1 has 2 entitlements, fewer than 3',
  ],
  [
    'a direct assignment that is not held',
    (r) => r.direct.push(['gus', 'ledger']),
    'the direct assignment "gus" → "ledger" is not held',
  ],
  [
    'a direct assignment twice',
    (r) => r.direct.push(['gus', 'vault']),
    'the direct assignment "gus" → "vault" is listed twice',
  ],
  [
    'a direct assignment that a role gives',
    (r) => r.direct.push(['ann', 'payments']),
    'the direct assignment "ann" → "payments" is given by a role',
  ],
  ['a direct assignment of nobody', (r) => r.direct.push(['zoe', 'vault']), 'a direct assignment names the user "zoe"'],
  [
    'a direct assignment of nothing',
    (r) => r.direct.push(['gus', 'keys']),
    'a direct assignment names the entitlement "keys"',
  ],
  ['the number of users', (r) => (r.users = 6), 'the result says 6 users, the data have 7'],
  ['the number of entitlements', (r) => (r.entitlements = 5), 'the result says 5 entitlements, the data have 4'],
  ['the number of assignments', (r) => (r.assignments = 12), 'the result says 12 assignments, the data have 13'],
  ['the number of roles', (r) => (r.metrics.role_count = 1), 'role_count is 2, not 1'],
  ['the number of user assignments', (r) => (r.metrics.user_assignments = 5), 'user_assignments is 6, not 5'],
  [
    'the number of permission assignments',
    (r) => (r.metrics.permission_assignments = 3),
    'permission_assignments is 4, not 3',
  ],
  ['the number of direct assignments', (r) => (r.metrics.direct_assignments = 0), 'direct_assignments is 1, not 0'],
  ['the complexity', (r) => (r.metrics.wsc = 12), 'wsc is 13, not 12'],
  ['the coverage', (r) => (r.metrics.coverage = 1), 'coverage is 0.923'],
  [
    'a point of the under-cover curve',
    (r) => (r.under_cover[0].role_count = 1),
    '80% are reached with 2 roles, not with 1 roles',
  ],
  [
    'a point that is never reached',
    (r) => (r.under_cover[1].role_count = 2),
    '100% are reached never, not with 2 roles',
  ],
  [
    'the cost model',
    (r) => (r.metrics.cost_model = 'flat'),
    'cost_model is flat, but what was asked for counts as with_direct',
  ],
  [
    'a bound above the result',
    (r) => (r.metrics.lower_bound = 14),
    'the lower bound 14 is above the result itself, which is 13',
  ],
  ['the gap', (r) => (r.metrics.gap_percent = 1), 'gap_percent is 8.33'],
  ['a gap without a bound', (r) => (r.metrics.lower_bound = null), 'of lower_bound and gap_percent, one is null'],
  [
    'an optimum that is none',
    (r) => (r.metrics.proven_optimal = true),
    'said to be proven optimal, but its lower bound is 12 and it is 13',
  ],
  [
    'completeness, with thresholds',
    (r) => (r.parameters.complete = true),
    'said to be complete, but with thresholds other than 1, 1 and 0',
  ],
  [
    'completeness, with direct assignments',
    (r) => Object.assign(r.parameters, { min_users: 1, min_entitlements: 1, confidence_threshold: 0, complete: true }),
    'said to be complete, but has 1 direct assignments',
  ],
];

describe('verify refuses a result with another value of', () => {
  it.each(resultCases)('%s', (_, tamper, message) => {
    expect(refusal(() => check(tampered(withDirect, tamper)))).toEqual([
      'RefusedError',
      expect.stringContaining(message),
    ]);
  });

  it('the number of roles, for a certificate of fewest roles of a result that is not complete', () => {
    const result = withDirect();
    result.parameters.objective = 'roles';
    Object.assign(result.metrics, { cost_model: 'roles', lower_bound: null, gap_percent: null });

    expect(refusal(() => check(result, independence()))[1]).toContain('but the result leaves assignments direct');
  });
});

import { describe, expect, it } from '@jest/globals';
import { mine, type MiningResult, type RoleSetOptions } from '../../src/engine/index.js';
import { claimsOf, organisationOf } from '../support/claimed-results.js';
import { parseHeldAccess, verifyPatterns, verifyRoleSet } from '../support/role-set-verifier.js';

const defaults: RoleSetOptions = {
  objective: 'wsc',
  complete: false,
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
  seed: 0,
  stepBudget: 500,
};

function block(users: number, entitlements: number, prefix = ''): string {
  return Array.from({ length: users * entitlements }, (_, pair) => {
    return `${prefix}u${Math.floor(pair / entitlements)} ${prefix}e${pair % entitlements}`;
  }).join('\n');
}

function identity(size: number): string {
  return Array.from({ length: size }, (_, at) => `u${at} e${at}`).join('\n');
}

/** Mines with every analysis, and has what comes of it verified. */
function mineVerified(text: string, roleSet: RoleSetOptions): MiningResult {
  const access = parseHeldAccess(text);
  const numbered = organisationOf(access);
  const { minUsers, minEntitlements, confidenceThreshold, complete } = roleSet;
  const result = mine(
    numbered.organisation,
    {
      patterns: { minUsers, minEntitlements, limit: 1000 },
      roleSet,
      excessivePrivileges: { deviationThresholdPercent: 50, minUsers, peerGroupAttribute: null },
      roleOverlaps: { thresholdPercent: 0, limit: 10 },
      suspectedNoise: { limit: 10 },
    },
    { now: () => performance.now() },
  );
  const claims = claimsOf(numbered, result);
  const thresholds = complete
    ? { minUsers: 1, minEntitlements: 1, confidence: 0, complete }
    : { minUsers, minEntitlements, confidence: confidenceThreshold, complete };
  expect(verifyRoleSet(access, claims.roleSet, thresholds)).toEqual([]);
  expect(verifyPatterns(access, claims.patterns, { minUsers, minEntitlements })).toEqual([]);
  return result;
}

describe.each(['wsc', 'roles'] as const)('mine with the objective %s', (objective) => {
  const thresholds = { ...defaults, objective };
  const complete = { ...thresholds, complete: true };

  it('finds nothing where there is nothing', () => {
    expect(mineVerified('', thresholds).candidates).toEqual([]);
    expect(mineVerified('', complete).roleSet.metrics).toMatchObject({ wsc: 0, coverage: 1 });
  });

  it('takes one user, one entitlement, and one of each', () => {
    for (const text of [block(1, 5), block(5, 1), block(1, 1)]) {
      expect(mineVerified(text, thresholds).candidates).toEqual([]);
      expect(mineVerified(text, complete).roleSet.metrics.roleCount).toBe(1);
    }
  });

  it('makes one role where everybody holds everything', () => {
    for (const options of [thresholds, complete]) {
      const { roleSet, candidates, patterns, excessivePrivileges } = mineVerified(block(20, 10), options);
      expect(roleSet.metrics).toMatchObject({ roleCount: 1, wsc: 31, coverage: 1 });
      expect(candidates[0].role.confidence).toBe(1);
      expect(patterns).toHaveLength(1);
      expect(excessivePrivileges).toEqual([]);
    }
  });

  it('makes no role, or as many as users, where nobody shares anything', () => {
    expect(mineVerified(identity(30), thresholds).candidates).toEqual([]);
    expect(mineVerified(identity(30), complete).roleSet.metrics.roleCount).toBe(30);
  });

  it('takes an entitlement that everybody holds, and pairs that repeat', () => {
    const text = `${block(4, 3, 'a')}\n${block(5, 4, 'b')}\n`;
    const everybody = [...parseHeldAccess(text).keys()].map((user) => `${user} everywhere`).join('\n');
    const once = mineVerified(text + everybody, complete);

    expect(once.roleSet.metrics.roleCount).toBe(2);
    expect(mineVerified(text + everybody + `\n${text}`, complete)).toEqual(once);
  });

  it('finds nothing at thresholds beyond the data', () => {
    const { candidates, patterns, roleSet } = mineVerified(block(5, 5), {
      ...thresholds,
      minUsers: 1_000_000,
      minEntitlements: 10_000,
    });

    expect(candidates).toEqual([]);
    expect(patterns).toEqual([]);
    expect(roleSet.metrics.directAssignments).toBe(25);
  });

  it('gives a first solution when there is no time at all', () => {
    const text = `${block(6, 4, 'a')}\n${block(5, 5, 'b')}`;

    const { roleSet } = mineVerified(text, { ...complete, timeLimitSeconds: 0 });

    expect(roleSet.metrics.coverage).toBe(1);
  });
});

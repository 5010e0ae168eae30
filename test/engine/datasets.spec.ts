import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mine, type MiningOptions, type RoleSetOptions } from '../../src/engine/index.js';
import { claimsOf, organisationOf } from '../support/claimed-results.js';
import { parseHeldAccess, verifyPatterns, verifyRoleSet } from '../support/role-set-verifier.js';

const DATASETS = join(import.meta.dirname, '../../../shared/datasets');
const PATTERNS = { minUsers: 3, minEntitlements: 2, limit: 100 };

/** Of each set the smallest number of roles: no role set can have fewer. */
const MINIMUM_ROLES = { hc: 14, domino: 20, emea: 34, fire1: 64, apj: 453, americas_small: 178 };

const SEARCH: RoleSetOptions = {
  objective: 'wsc',
  complete: false,
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
  seed: 0,
  // Right after any number of steps: few keep the test short.
  stepBudget: 500,
};

const withDatasets = existsSync(DATASETS) ? describe : describe.skip;

withDatasets('mine on ../shared/datasets (skipped where they are absent)', () => {
  describe.each(Object.entries(MINIMUM_ROLES))('%s', (name, minimumRoles) => {
    let access: ReturnType<typeof parseHeldAccess>;
    let numbered: ReturnType<typeof organisationOf>;
    // Not while the tests are collected, which happens where the files are absent too.
    beforeAll(() => {
      access = parseHeldAccess(readFileSync(join(DATASETS, `${name}.txt`), 'utf8'));
      numbered = organisationOf(access);
    });

    function run(roleSet: RoleSetOptions, patterns: MiningOptions['patterns'] = null): ReturnType<typeof mine> {
      return mine(numbered.organisation, {
        patterns,
        roleSet,
        excessivePrivileges: null,
        roleOverlaps: null,
        suspectedNoise: null,
      });
    }

    it('gives roles within the thresholds that explain what they say, and closed patterns', () => {
      const result = run(SEARCH, PATTERNS);

      const claims = claimsOf(numbered, result);
      const thresholds = { minUsers: 3, minEntitlements: 2, confidence: 0.6, complete: false };
      expect(verifyRoleSet(access, claims.roleSet, thresholds)).toEqual([]);
      expect(verifyPatterns(access, claims.patterns, PATTERNS)).toEqual([]);
      expect(claims.patterns.length).toBeGreaterThan(0);
    });

    it.each(['wsc', 'roles'] as const)('reproduces every assignment with the objective %s', (objective) => {
      const result = run({ ...SEARCH, objective, complete: true });

      const thresholds = { minUsers: 1, minEntitlements: 1, confidence: 0, complete: true };
      expect(verifyRoleSet(access, claimsOf(numbered, result).roleSet, thresholds)).toEqual([]);
      expect(result.roleSet.metrics.roleCount).toBeGreaterThanOrEqual(minimumRoles);
    });
  });
});

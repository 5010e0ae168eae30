import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundCertificate } from '../../../src/cli/mine/bound-certificate.js';
import { miningReport } from '../../../src/cli/mine/mining-report.js';
import { readOrganisation } from '../../../src/cli/mine/read-organisation.js';
import { mine, type RoleSetOptions } from '../../../src/engine/index.js';
import { verify } from '../../../src/verification/index.js';

const DATASETS = join(import.meta.dirname, '../../../../shared/datasets');
const withDatasets = existsSync(DATASETS) ? describe : describe.skip;

const defaults: RoleSetOptions = {
  objective: 'wsc',
  complete: false,
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
  seed: 0,
};
const complete = { ...defaults, complete: true, minUsers: 1, minEntitlements: 1, confidenceThreshold: 0 };

/** Mines pairs of user and entitlement and has the checker look at result and certificate, as the command line would. */
async function verified(pairs: string, roleSet: RoleSetOptions): Promise<string[]> {
  const bytes = Buffer.from(pairs);
  // eslint-disable-next-line @typescript-eslint/require-await -- a file is read asynchronously
  const content = (async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  })();
  const file = await readOrganisation({ name: 'pairs.txt', content }, null);
  const result = mine(file.organisation, {
    patterns: null,
    roleSet,
    excessivePrivileges: null,
    roleOverlaps: null,
    suspectedNoise: null,
  });
  const parameters = {
    min_users: roleSet.minUsers,
    min_entitlements: roleSet.minEntitlements,
    confidence_threshold: roleSet.confidenceThreshold,
    objective: roleSet.objective,
    complete: roleSet.complete,
    hierarchy: roleSet.hierarchy ?? false,
    role_weight: roleSet.roleWeight ?? 1,
    seed: roleSet.seed,
    time_limit: null,
  };
  const report = [...miningReport(file, result, parameters, { load: 0, mine: 0, total: 0 })].join('');
  const { certificate } = result.roleSet;
  const evidence = certificate === null ? null : [...boundCertificate(file, result.roleSet, certificate)].join('');
  return verify({
    data: { name: 'pairs.txt', bytes },
    result: { name: 'result.json', bytes: Buffer.from(report) },
    certificate: evidence === null ? null : { name: 'certificate.json', bytes: Buffer.from(evidence) },
    users: null,
  });
}

describe('the independent checker', () => {
  it('accepts whatever is mined from small data, and every certificate', async () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 })), {
      minLength: 1,
      maxLength: 50,
    });
    const options = fc.record({
      objective: fc.constantFrom('wsc' as const, 'roles' as const),
      isComplete: fc.boolean(),
      hierarchy: fc.boolean(),
      roleWeight: fc.constantFrom(0, 1, 1.5, 4),
      seed: fc.integer(),
      stepBudget: fc.constantFrom(0, 20, 300),
    });
    await fc.assert(
      fc.asyncProperty(pairs, options, async (rows, { objective, isComplete, hierarchy, ...others }) => {
        const text = rows.map(([user, entitlement]) => `u${user} e${entitlement}`).join('\n');
        const proven = await verified(text, {
          ...(isComplete ? complete : defaults),
          ...others,
          objective,
          hierarchy: hierarchy && objective === 'wsc',
        });
        expect(proven.length).toBeGreaterThanOrEqual(4);
      }),
      { numRuns: 150 },
    );
  });
});

withDatasets('the independent checker on ../shared/datasets (skipped where they are absent)', () => {
  /** Steps with which there is a bound: a fifth of them is the bound's own, of which listing takes half at most. */
  const steps = { hc: 10_000, domino: 10_000, emea: 20_000, apj: 60_000, fire1: 20_000, americas_small: 120_000 };
  describe.each(Object.entries(steps))('%s', (name, stepBudget) => {
    const wanted: [title: string, options: RoleSetOptions][] = [
      ['roles alone', { ...complete, stepBudget }],
      ['thresholds and direct assignments', { ...defaults, stepBudget }],
      ['fewest roles', { ...complete, objective: 'roles', stepBudget: 200 }],
    ];
    it.each(wanted)('accepts %s with the certificate', async (_, options) => {
      const pairs = readFileSync(join(DATASETS, `${name}.txt`), 'utf8');
      const proven = await verified(pairs, options);

      expect(proven).toHaveLength(5);
      expect(proven[3]).toMatch(/^Proven: no role set that gives everything has /);
    });

    it.each([complete, defaults])('accepts a hierarchy: %p', async (options) => {
      const pairs = readFileSync(join(DATASETS, `${name}.txt`), 'utf8');
      const proven = await verified(pairs, { ...options, hierarchy: true, stepBudget: 5000 });

      expect(proven).toHaveLength(5);
      expect(proven[1]).toMatch(/^Proven: [1-9][0-9]* inheritances, none in a circle/);
    });
  });
});

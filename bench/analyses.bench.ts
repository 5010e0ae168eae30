import { describeCandidates } from '../src/engine/candidates/describe-candidates.js';
import { NearMissCounter } from '../src/engine/confidence.js';
import { findRoleOverlaps } from '../src/engine/consolidation/find-role-overlaps.js';
import { findExcessivePrivileges } from '../src/engine/excessive-privileges/find-excessive-privileges.js';
import {
  accessMatrixFromRows,
  SeededRandom,
  type ExistingRoles,
  type MinedRole,
  type Organisation,
} from '../src/engine/index.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';
import type { BenchResult } from './bench-result.js';
import { median } from './median.js';

const RUNS = 5;
const PRIVILEGES = { deviationThresholdPercent: 50, minUsers: 3 };

/** Excessive privileges, names and explanations, and consolidation: CPU milliseconds, warm, medians. */
export function benchAnalyses(): Promise<BenchResult[]> {
  return Promise.resolve([organisations(), consolidation()]);
}

function organisations(): BenchResult {
  const sizes = [
    [20_000, 2_000],
    [100_000, 5_000],
  ];
  return {
    title: 'Generated organisations; candidates are the planted roles',
    rows: sizes.map(([users, entitlements]) => {
      const { organisation, roles } = plantedCandidates(users, entitlements);
      const flags = (peerGroupAttribute: number | null): number =>
        findExcessivePrivileges(organisation, { ...PRIVILEGES, peerGroupAttribute }).length;
      return {
        organisation: `${users / 1000}k × ${entitlements / 1000}k`,
        assignments: organisation.matrix.assignmentCount,
        flags: flags(0),
        'privileges by department': medianCpu(() => flags(0)),
        'privileges, everybody': medianCpu(() => flags(null)),
        candidates: roles.length,
        'names and explanations': medianCpu(() => describeCandidates(organisation, roles)),
      };
    }),
  };
}

function plantedCandidates(users: number, entitlements: number): { organisation: Organisation; roles: MinedRole[] } {
  const made = generateOrganisation({ users, entitlements, seed: 1 });
  const matrix = accessMatrixFromRows(users, entitlements, made.rows.offsets, made.rows.values);
  const { offsets, values } = made.plantedRoles.entitlements;
  const counter = new NearMissCounter(matrix);
  return {
    organisation: {
      matrix,
      entitlementNames: made.entitlements.map(({ name }) => name),
      entitlementApplications: made.entitlements.map(({ application }) => application),
      attributes: made.attributes,
      existingRoles: made.existingRoles,
    },
    roles: made.plantedRoles.names.map((_, role) => {
      const ofRole = values.slice(offsets[role], offsets[role + 1]);
      const counts = counter.count(ofRole);
      const asARole = { entitlements: ofRole, ownEntitlements: ofRole, juniors: new Int32Array(0) };
      return { ...asARole, users: counts.members, ...counts, confidence: 1 };
    }),
  };
}

function consolidation(): BenchResult {
  const shapes = [
    { entitlements: 2_000, skew: 1 },
    { entitlements: 5_000, skew: 2 },
    { entitlements: 20_000, skew: 1 },
  ];
  return {
    title: 'Consolidation: 20,000 roles × 30 entitlements, 30% of them variants of another',
    rows: shapes.map(({ entitlements, skew }) => {
      const roles = randomRoles(20_000, 30, entitlements, skew);
      const pairs = (thresholdPercent: number): number =>
        findRoleOverlaps(roles, { thresholdPercent, limit: 10_000 }).overlaps.length;
      return {
        entitlements,
        drawn: skew === 1 ? 'uniformly' : 'few often',
        'pairs at 70%': pairs(70),
        '70%': medianCpu(() => pairs(70)),
        '50%': medianCpu(() => pairs(50)),
        '0%': medianCpu(() => pairs(0)),
      };
    }),
  };
}

function randomRoles(count: number, size: number, entitlementCount: number, skew: number): ExistingRoles {
  const random = new SeededRandom(1);
  const roles: Int32Array[] = [];
  while (roles.length < count) {
    const role = new Set<number>();
    if (roles.length > 0 && random.float() < 0.3) {
      for (const entitlement of roles[random.below(roles.length)]) if (random.float() < 0.9) role.add(entitlement);
    }
    while (role.size < size) role.add(Math.floor(random.float() ** skew * entitlementCount));
    roles.push(Int32Array.from(role).sort());
  }
  const offsets = Int32Array.from({ length: count + 1 }, (_, role) => role * size);
  const values = new Int32Array(count * size);
  roles.forEach((role, index) => values.set(role, index * size));
  const nobody = { offsets: new Int32Array(count + 1), values: new Int32Array(0) };
  return { count, names: roles.map((_, role) => `role ${role}`), entitlements: { offsets, values }, members: nobody };
}

function medianCpu(run: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.round(median(times) * 10) / 10;
}

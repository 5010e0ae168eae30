import { arrangeMatrix, type MatrixSource } from '../../src/report/matrix/arrange-matrix.js';
import { drawUpPicture } from '../../src/report/matrix/draw-up-picture.js';
import type { MatrixPicture } from '../../src/report/matrix/matrix-picture.js';
import {
  type CompletedRun,
  type MiningReport,
  type ReportCandidate,
  type RunFigures,
  shown,
} from '../../src/report/mining-report.js';

/** A name that would do harm where it is not escaped. */
export const HARMFUL = `</script><img src=x onerror="document.title='harmed'">`;

export const FIGURES: RunFigures = {
  users: 40,
  entitlements: 6,
  assignments: 122,
  coveredAssignments: 120,
  directAssignments: 2,
  roleCount: 2,
  existingRoleCount: 0,
  complexityBefore: 122,
  complexityAfter: 50,
  objective: 'complexity',
  lowerBound: 49,
  boundReason: null,
  provenOptimal: false,
  stoppedBy: 'converged',
  modeReason: null,
  snapshotAt: new Date('2026-03-04T05:06:07Z'),
};

function candidate(name: string, members: number, entitlements: readonly string[]): ReportCandidate {
  return {
    name,
    confidence: 0.987,
    members,
    givenTo: members,
    entitlements: shown(entitlements, 40),
    assignmentsCovered: members * entitlements.length,
    newAssignmentsCovered: members * entitlements.length,
    complexityChange: -30,
    nearMisses: shown([{ entitlement: entitlements[0], users: 3 }], 10),
    usersLackingTwo: 1,
    attributeRule: { conditions: [{ attribute: 'department', value: name }], precision: 0.9, recall: 1 },
    decision: null,
    existingRole: null,
  };
}

/** Forty people in two roles of three entitlements; the first two hold one thing more, the last is said to have been forgotten. */
function picture(): MatrixPicture {
  const users = Array.from({ length: 40 }, (_, user) => user);
  const rows = users.map((user) => [...(user < 20 ? [0, 1, 2] : [3, 4, 5]), ...(user < 2 ? [5] : [])]);
  const offsets = new Int32Array(41);
  rows.forEach((row, user) => (offsets[user + 1] = offsets[user] + row.length));
  const source: MatrixSource = {
    entitlementCount: 6,
    access: { offsets, values: Int32Array.from(rows.flat()) },
    roles: [
      { entitlements: Int32Array.of(0, 1, 2), users: Int32Array.from(users.slice(0, 20)) },
      { entitlements: Int32Array.of(3, 4, 5), users: Int32Array.from(users.slice(20)) },
    ],
  };
  return drawUpPicture(
    source,
    arrangeMatrix(source, { users: 100, entitlements: 100 }),
    {
      user: (user) => (user === 0 ? HARMFUL : `user ${user}`),
      userDetails: (user) => (user < 20 ? 'Sales' : 'Finance'),
      entitlement: (entitlement) => `entitlement ${entitlement}`,
      role: (role) => ({ name: ['Sales', HARMFUL][role], isKept: false, candidate: role }),
    },
    {
      extra: { users: [0], entitlements: [5], scores: [4.6] },
      missing: { users: [39], entitlements: [0], scores: [2.3] },
    },
  );
}

export function completedRun(changes: Partial<CompletedRun> = {}): CompletedRun {
  return {
    figures: FIGURES,
    underCoverCurve: [80, 90, 95, 99, 100].map((coveragePercent) => ({
      coveragePercent,
      roleCount: coveragePercent < 99 ? 2 : null,
    })),
    contributions: [60, 60],
    matrix: picture(),
    candidates: shown(
      [candidate('Sales', 20, ['read', 'write', 'close']), candidate(HARMFUL, 21, ['book', 'pay', HARMFUL])],
      400,
    ),
    outliers: {
      attribute: 'department',
      groups: shown(
        [
          {
            name: HARMFUL,
            members: 20,
            flagged: 1,
            least: 3,
            lowerQuartile: 3,
            median: 3,
            upperQuartile: 4,
            most: 30,
            flaggedPeople: [{ name: HARMFUL, held: 30 }],
          },
        ],
        12,
      ),
      flags: shown(
        [
          {
            user: HARMFUL,
            group: 'Sales',
            held: 30,
            peerAverage: 3.2,
            peerPercentile: 100,
            deviationPercent: 837.5,
            excess: shown([HARMFUL, 'vault'], 40),
            decision: 'accepted',
          },
        ],
        200,
      ),
    },
    overlaps: shown(
      [
        {
          roleA: 'Sales old',
          roleB: HARMFUL,
          overlapPercent: 75,
          containmentPercent: 100,
          memberOverlapPercent: 10,
          shared: shown(['read', 'write', 'close'], 40),
          onlyA: shown([HARMFUL], 40),
          onlyB: shown([], 40),
          decision: null,
        },
      ],
      200,
      321,
    ),
    suspected: {
      missing: shown([{ user: 'user 39', entitlement: HARMFUL, score: 2.3 }], 100),
      extra: shown([{ user: HARMFUL, entitlement: 'entitlement 5', score: 4.6 }], 100),
    },
    method: [['Seed', '0']],
    caveats: [],
    ...changes,
  };
}

export function reportOf(state: MiningReport['state']): MiningReport {
  return { title: `Spring ${HARMFUL}`, origin: 'Mining job 1', writtenAt: new Date('2026-03-04T06:00:00Z'), state };
}

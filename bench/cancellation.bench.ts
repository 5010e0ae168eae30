import {
  accessMatrixFromLists,
  accessMatrixFromRows,
  type MiningOptions,
  type Organisation,
} from '../src/engine/index.js';
import { MiningThreads } from '../src/mining-threads/mining-threads.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';
import { SeededRandom } from '../src/engine/random.js';
import type { BenchResult } from './bench-result.js';
import { median } from './median.js';

/** Milliseconds after which a run is cancelled. */
const MOMENTS = [5, 50, 200, 1000, 3000];

/** Moments drawn at random, one from each of as many equal parts of a whole run. */
const RANDOM_MOMENTS = 15;

/** How long a run goes on once it is cancelled, at any moment and on inputs that are hard for one phase or another. */
export async function benchCancellation(): Promise<BenchResult[]> {
  const organisations = {
    '100,000 × 5,000, generated': generated(100_000, 5_000),
    '500 × 500, all but one': allButOne(500),
    '2,000 × 2,000, all but one': allButOne(2_000),
  };
  const rows: BenchResult['rows'] = [];
  for (const [name, organisation] of Object.entries(organisations)) {
    for (const complete of [false, true]) {
      const row: BenchResult['rows'][number] = { organisation: name, roles: complete ? 'fewest, complete' : 'wsc' };
      for (const moment of MOMENTS) row[`at ${moment} ms`] = await millisecondsToEnd(organisation, complete, moment);
      rows.push(row);
    }
  }
  const anywhere = organisations['100,000 × 5,000, generated'];
  return [
    { title: 'Cancellation: milliseconds until the run has ended, two threads; none when it was done before', rows },
    {
      title: `Cancellation of 100,000 × 5,000 at ${RANDOM_MOMENTS} random moments of the whole run, milliseconds until the run has ended`,
      rows: [await cancelAnywhere(anywhere, false), await cancelAnywhere(anywhere, true)],
    },
  ];
}

async function cancelAnywhere(organisation: Organisation, complete: boolean): Promise<BenchResult['rows'][number]> {
  const startedAt = performance.now();
  await millisecondsToEnd(organisation, complete, Infinity);
  const wholeRun = performance.now() - startedAt;
  const random = new SeededRandom(1);
  const taken: number[] = [];
  for (let part = 0; part < RANDOM_MOMENTS; part++) {
    const moment = ((part + random.float()) / RANDOM_MOMENTS) * wholeRun;
    const milliseconds = await millisecondsToEnd(organisation, complete, moment);
    if (milliseconds !== null) taken.push(milliseconds);
  }
  return {
    roles: complete ? 'fewest, complete' : 'wsc',
    'whole run': Math.round(wholeRun),
    'runs cancelled': taken.length,
    median: median(taken),
    worst: Math.max(...taken),
  };
}

async function millisecondsToEnd(
  organisation: Organisation,
  complete: boolean,
  moment: number,
): Promise<number | null> {
  const threads = new MiningThreads({ threads: 2 });
  // A thread that is still being started would end at once.
  await threads.mine(allButOne(3), optionsFor(complete));
  const controller = new AbortController();
  let cancelledAt = 0;
  const timer =
    moment === Infinity
      ? undefined
      : setTimeout(() => {
          cancelledAt = performance.now();
          controller.abort();
        }, moment);
  const isDone = await threads.mine(organisation, optionsFor(complete), { signal: controller.signal }).then(
    () => true,
    () => false,
  );
  const elapsed = performance.now() - cancelledAt;
  clearTimeout(timer);
  await threads.close();
  return isDone ? null : Math.round(elapsed);
}

function optionsFor(complete: boolean): MiningOptions {
  return {
    patterns: { minUsers: 3, minEntitlements: 2, limit: 1000 },
    roleSet: {
      objective: complete ? 'roles' : 'wsc',
      complete,
      minUsers: 3,
      minEntitlements: 2,
      confidenceThreshold: 0.6,
      seed: 0,
    },
    excessivePrivileges: { deviationThresholdPercent: 50, minUsers: 3, peerGroupAttribute: null },
    roleOverlaps: { thresholdPercent: 70, limit: 1000 },
    suspectedNoise: { limit: 10_000 },
  };
}

function generated(users: number, entitlements: number): Organisation {
  const made = generateOrganisation({ users, entitlements, seed: 1 });
  return {
    matrix: accessMatrixFromRows(users, entitlements, made.rows.offsets, made.rows.values),
    entitlementNames: made.entitlements.map(({ name }) => name),
    entitlementApplications: made.entitlements.map(({ application }) => application),
    attributes: made.attributes,
    existingRoles: made.existingRoles,
  };
}

/** Everybody holds all entitlements but one of their own. */
function allButOne(size: number): Organisation {
  const everyone = Array.from({ length: size }, (_, index) => index);
  const none = { offsets: new Int32Array(1), values: new Int32Array(0) };
  return {
    matrix: accessMatrixFromLists(
      everyone.map((user) => everyone.filter((entitlement) => entitlement !== user)),
      size,
    ),
    entitlementNames: everyone.map((entitlement) => `entitlement ${entitlement}`),
    entitlementApplications: everyone.map(() => null),
    attributes: [],
    existingRoles: { count: 0, names: [], entitlements: none, members: none },
  };
}

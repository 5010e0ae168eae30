import { afterAll, describe, expect, it } from '@jest/globals';
import {
  accessMatrixFromLists,
  mine,
  MINING_PHASES,
  SeededRandom,
  type MiningOptions,
  type MiningPhase,
  type Organisation,
  type RoleSetSoFar,
} from '../engine/index.js';
import { MiningCancelledError, MiningError, MiningThreads } from './mining-threads.js';

const options: MiningOptions = {
  patterns: { minUsers: 3, minEntitlements: 2, limit: 100 },
  roleSet: {
    objective: 'wsc',
    complete: false,
    minUsers: 3,
    minEntitlements: 2,
    confidenceThreshold: 0,
    seed: 1,
    stepBudget: 200,
  },
  excessivePrivileges: { deviationThresholdPercent: 50, minUsers: 3, peerGroupAttribute: 0 },
  roleOverlaps: { thresholdPercent: 50, limit: 100 },
  suspectedNoise: { limit: 100 },
};

/** Groups of ten users with access in common, and some at random. */
function organisation(users: number, entitlements: number): Organisation {
  const random = new SeededRandom(7);
  const rows = Array.from({ length: users }, (_, user) => {
    const first = (Math.floor(user / 10) * 3) % entitlements;
    const common = [0, 1, 2, 3].map((step) => (first + step) % entitlements);
    return [...common, random.below(entitlements), random.below(entitlements)];
  });
  return {
    matrix: accessMatrixFromLists(rows, entitlements),
    entitlementNames: Array.from({ length: entitlements }, (_, e) => `right ${e}`),
    entitlementApplications: Array.from({ length: entitlements }, () => null),
    attributes: [
      {
        name: 'team',
        values: Array.from({ length: Math.ceil(users / 10) }, (_, team) => `team ${team}`),
        valuesOfUser: {
          offsets: Int32Array.from({ length: users + 1 }, (_, user) => user),
          values: Int32Array.from({ length: users }, (_, user) => Math.floor(user / 10)),
        },
      },
    ],
    existingRoles: {
      count: 2,
      names: ['first', 'second'],
      entitlements: { offsets: Int32Array.of(0, 3, 5), values: Int32Array.of(0, 1, 2, 0, 1) },
      members: { offsets: Int32Array.of(0, 1, 1), values: Int32Array.of(0) },
    },
  };
}

describe('MiningThreads', () => {
  const threads = new MiningThreads({ threads: 2 });
  afterAll(() => threads.close());

  it('finds what mine finds, with one thread, two and four', async () => {
    const one = new MiningThreads({ threads: 1 });
    const four = new MiningThreads({ threads: 4 });
    const small = organisation(60, 30);
    const expected = mine(small, options);
    expect(expected.candidates.length).toBeGreaterThan(0);

    expect(await threads.mine(small, options)).toEqual(expected);
    expect(await one.mine(small, options)).toEqual(expected);
    for (let run = 0; run < 3; run++) expect(await four.mine(small, options)).toEqual(expected);
    await one.close();
    await four.close();
  });

  it('runs several organisations at once', async () => {
    const organisations = [organisation(40, 20), organisation(50, 20), organisation(60, 20)];

    const results = await Promise.all(organisations.map((each) => threads.mine(each, options)));

    expect(results).toEqual(organisations.map((each) => mine(each, options)));
  });

  it('tells the progress phase after phase, to the end', async () => {
    const events: [MiningPhase, number][] = [];

    await threads.mine(organisation(60, 30), options, {
      onProgress: (phase, fraction) => events.push([phase, fraction]),
    });

    expect(events).toEqual(
      events.toSorted(([a, x], [b, y]) => MINING_PHASES.indexOf(a) - MINING_PHASES.indexOf(b) || x - y),
    );
    for (const phase of MINING_PHASES) expect(events).toContainEqual([phase, 1]);
  });

  it('tells of role sets on the way, each less complex than the one before, down to that of the result', async () => {
    const told: RoleSetSoFar[] = [];

    const { roleSet } = await threads.mine(organisation(60, 30), options, { onBest: (best) => told.push(best) });

    const complexities = told.map(({ complexity }) => complexity);
    expect(complexities).toEqual([...new Set(complexities)].sort((a, b) => b - a));
    expect(complexities.at(-1)).toBe(roleSet.metrics.wsc);
  });

  it('rejects a run whose signal is aborted, before it starts and while it runs, and goes on with others', async () => {
    await expect(threads.mine(organisation(60, 30), options, { signal: AbortSignal.abort() })).rejects.toThrow(
      MiningCancelledError,
    );

    const controller = new AbortController();
    const running = threads.mine(
      organisation(3000, 300),
      { ...options, patterns: null },
      {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      },
    );
    await expect(running).rejects.toThrow('mining was cancelled');

    const small = organisation(20, 10);
    expect(await threads.mine(small, options)).toEqual(mine(small, options));
  });

  it('ends a cancelled run that still waits for a thread', async () => {
    const one = new MiningThreads({ threads: 1 });
    const first = one.mine(organisation(60, 30), options);
    const controller = new AbortController();
    const second = one.mine(organisation(60, 30), options, { signal: controller.signal });
    controller.abort();

    await expect(Promise.race([second, first])).rejects.toThrow(MiningCancelledError);
    await expect(first).resolves.toBeDefined();
    await one.close();
  });

  it('passes on what the engine objects to, and stays usable', async () => {
    const small = organisation(20, 10);
    const badOption = { ...options, roleOverlaps: { thresholdPercent: 170, limit: 1 } };
    await expect(threads.mine(small, badOption)).rejects.toThrow('roleOverlaps.thresholdPercent must be between 0 and');
    const badAttribute = { deviationThresholdPercent: 50, minUsers: 3, peerGroupAttribute: 5 };
    await expect(threads.mine(small, { ...options, excessivePrivileges: badAttribute })).rejects.toThrow(
      'peerGroupAttribute must be null or the position of one of 1 attributes, got 5',
    );

    expect(await threads.mine(small, options)).toEqual(mine(small, options));
  });

  it('says that memory ran out, and stays usable', async () => {
    const tight = new MiningThreads({ threads: 1, heapMegabytes: 24 });
    const texts = Array.from({ length: 400_000 }, (_, e) => `entitlement with a long name that no other has ${e}`);
    const large = { ...organisation(20, 10), entitlementNames: texts };

    const failed = tight.mine(large, options);
    await expect(failed).rejects.toThrow(MiningError);
    await expect(failed).rejects.toThrow('a mining thread may use 24 MiB');
    const small = organisation(20, 10);
    expect(await tight.mine(small, options)).toEqual(mine(small, options));
    await tight.close();
  });

  it('refuses a number of threads below one', () => {
    expect(() => new MiningThreads({ threads: 0 })).toThrow('threads must be a whole number of at least 1, got 0');
  });
});

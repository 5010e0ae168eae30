import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import type { EngineKernels, PatternTask } from '../engine/index.js';
import { helpLink, withHelp, type HelpLink } from './pattern-help.js';

/** Stands for a search: whoever runs it claims numbers from the task until all are gone, and finds those. */
function findNumbers(task: PatternTask): { records: Int32Array[] } {
  const found: number[] = [];
  for (;;) {
    const claimed = Atomics.add(task.shared, 0, 1);
    if (claimed >= task.partCount) return { records: [Int32Array.from(found)] };
    found.push(claimed);
  }
}

function numbersIn(records: readonly Int32Array[]): number[] {
  return records.flatMap((found) => [...found]);
}

function task(partCount: number): PatternTask {
  return { shared: new Int32Array(new SharedArrayBuffer(8)), partCount } as PatternTask;
}

/** A helper in a thread of its own; it waits a moment in every claim, so that both get some. */
function startHelper(link: HelpLink): Worker {
  const program = `
    const { workerData: { link, module } } = require('node:worker_threads');
    const pause = new Int32Array(new SharedArrayBuffer(4));
    import(module).then(({ help }) => help(link, { workOnPatterns: (task) => {
      const found = [];
      for (;;) {
        const claimed = Atomics.add(task.shared, 0, 1);
        if (claimed >= task.partCount) return { records: [Int32Array.from(found)] };
        found.push(claimed);
        Atomics.wait(pause, 0, 0, 1);
      }
    } }, {}));`;
  return new Worker(program, {
    eval: true,
    execArgv: ['--import', '@swc-node/register/esm-register'],
    workerData: { link, module: new URL('./pattern-help.ts', import.meta.url).href },
    transferList: [link.port],
  });
}

const kernels: EngineKernels = { workOnPatterns: findNumbers };

describe('withHelp', () => {
  it('puts together what the leader and a helper have found, step after step', async () => {
    const link = helpLink();
    const helper = startHelper(link.forHelper);
    const ended = new Promise<number>((resolve) => helper.once('exit', resolve));
    let own = 0;
    const afterTheHelper: EngineKernels = {
      workOnPatterns: (step) => {
        while (Atomics.load(step.shared, 0) === 0) Atomics.wait(step.shared, 0, 0, 5);
        const findings = findNumbers(step);
        own = findings.records[0].length;
        return findings;
      },
    };
    const shared = withHelp(afterTheHelper, [link.forLeader]);

    for (const limit of [1, 1000, 20_000, 3]) {
      const { records } = shared.workOnPatterns(task(limit), {});
      expect(numbersIn(records).sort((a, b) => a - b)).toEqual(Array.from({ length: limit }, (_, number) => number));
      expect(own).toBeLessThan(limit);
    }

    link.end();
    expect(await ended).toBe(0);
    link.forLeader.port.close();
  });

  it('does not wait for a helper that never gets a thread', () => {
    const link = helpLink();

    const { records } = withHelp(kernels, [link.forLeader]).workOnPatterns(task(5), {});

    expect(numbersIn(records)).toEqual([0, 1, 2, 3, 4]);
    expect(link.isStarted()).toBe(false);
    link.forLeader.port.close();
  });

  it('gives up waiting for a helper that has died when the run is cancelled', () => {
    const link = helpLink();
    const BEGUN = 1;
    Atomics.store(link.forLeader.slots, BEGUN, 1);

    const { records } = withHelp(kernels, [link.forLeader]).workOnPatterns(task(2), { isCancelled: () => true });

    expect(numbersIn(records)).toEqual([0, 1]);
    link.forLeader.port.close();
  });
});

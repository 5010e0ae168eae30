import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { EngineControl } from '../control.js';
import { instantiateKernels } from '../kernels/kernels.js';
import { accessMatrixFromLists, type AccessMatrix } from '../matrix/access-matrix.js';
import type { AccessPattern, PatternOptions } from './access-pattern.js';
import { findClosedSets } from './closed-sets.js';
import { minePatterns } from './mine-patterns.js';
import { patternSearch } from './pattern-search.js';
import type { PatternFindings } from './found-sets.js';
import type { PatternTask } from './pattern-task.js';
import { workOnTask } from './work-on-task.js';

const bytes = new Uint8Array(readFileSync(new URL('../../../build/engine-kernels.wasm', import.meta.url)));
type WorkOn = (task: PatternTask, control: EngineControl) => PatternFindings;
const inTypeScript: WorkOn = (task, control) => workOnTask(task, control, findClosedSets);

/**
 * What several threads would do, in one: whenever a thread claims a root or asks whether to go on, chance lets it or
 * lets the next thread take over until that one is done.
 */
function runInterleaved(task: PatternTask, threads: readonly WorkOn[], chance: () => boolean): PatternFindings[] {
  const [first, ...rest] = threads;
  if (first === undefined) return [];
  let others: PatternFindings[] | null = null;
  const perhapsOthers = (): void => {
    if (others === null && chance()) others = runInterleaved(task, rest, chance);
  };
  const findings = first(task, {
    onProgress: perhapsOthers,
    isCancelled: () => {
      perhapsOthers();
      return false;
    },
  });
  return [findings, ...(others ?? runInterleaved(task, rest, chance))];
}

function mineInterleaved(
  matrix: AccessMatrix,
  options: PatternOptions,
  threads: readonly WorkOn[],
  chance: () => boolean,
): readonly AccessPattern[] {
  const search = patternSearch(matrix, options, {});
  let step = search.next([]);
  while (!step.done) step = search.next(runInterleaved(step.value, threads, chance));
  return step.value;
}

const threadSets: [string, WorkOn[]][] = [
  ['TypeScript', [inTypeScript, inTypeScript, inTypeScript]],
  ['WebAssembly', [1, 2, 3].map(() => instantiateKernels(bytes).workOnPatterns)],
  ['both', [instantiateKernels(bytes).workOnPatterns, inTypeScript]],
];

describe('patternSearch', () => {
  it.each(threadSets)('finds the same however threads share the roots: %s', (_, threads) => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.nat(11), { maxLength: 9 }), { minLength: 5, maxLength: 60 }),
        fc.constantFrom(1, 7, 50, Infinity),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (rows, limit, decisions) => {
          const matrix = accessMatrixFromLists(rows, 12);
          const options = { minUsers: 2, minEntitlements: 1, limit };
          let asked = 0;
          const chance = (): boolean => decisions[asked++ % decisions.length];
          expect(mineInterleaved(matrix, options, threads, chance)).toEqual(minePatterns(matrix, options, {}));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('reports progress from 0 to 1, never backwards', () => {
    const rows = Array.from({ length: 300 }, (_, u) => [u % 7, 7 + (u % 5), 12 + (u % 3), 15 + (u % 11)]);
    const seen: number[] = [];
    minePatterns(
      accessMatrixFromLists(rows, 26),
      { minUsers: 1, minEntitlements: 1, limit: 200 },
      { onProgress: (fraction) => seen.push(fraction) },
    );
    expect(seen[0]).toBe(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect(new Set(seen).size).toBeGreaterThan(20);
  });

  it('yields tasks whose large parts are in shared memory', () => {
    const options = { minUsers: 1, minEntitlements: 1, limit: 1 };
    const search = patternSearch(accessMatrixFromLists([[0, 1], [0, 1], [0], [2]], 3), options, {});
    const kinds = new Set<string>();
    for (let step = search.next([]); !step.done;) {
      kinds.add(step.value.kind);
      for (const array of typedArraysIn(step.value)) {
        // Lists of entitlements and areas are small.
        if (array.length > 4) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
      }
      expect(step.value.shared.buffer).toBeInstanceOf(SharedArrayBuffer);
      step = search.next([inTypeScript(step.value, {})]);
    }
    expect([...kinds]).toEqual(['user-classes', 'search', 'row-bits', 'description', 'exact-users']);
  });
});

function typedArraysIn(value: object): Int32Array[] {
  return Object.values(value).flatMap((inner: unknown) => {
    if (inner instanceof Int32Array) return [inner];
    return typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner) ? typedArraysIn(inner) : [];
  });
}

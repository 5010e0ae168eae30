import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessMatrix } from '../src/engine/matrix/access-matrix.js';
import type { BenchResult } from './bench-result.js';
import { median } from './median.js';

const RUNS = 9;

/** What both miners look for: closed sets of at least two items with at least this support. */
export interface MiningWork {
  readonly name: string;
  readonly matrix: AccessMatrix;
  readonly minUsers: number;
}

/**
 * Another closed-set miner beside ours, in turn, by the clock: of the other the whole process, which reads a file and
 * counts; of ours what `mineOurs` does, from the matrix in memory, warm. The ratio leaves out what a process takes that
 * does nothing, and there is none where that is most of the time: small matrices only show that the sets are as many.
 *
 * @param command words between spaces, no shell; `{file}` stands for a file with one transaction a line (item numbers
 *   between spaces), `{support}` for the minimum support. It prints what the miners of the FIMI workshops print: the
 *   number of sets, then those of size 0, 1, 2, …, each on a line.
 * @param mineOurs answers how many sets it found
 * @throws Error when the command fails or prints anything else
 */
export function compareWithClosedSetMiner(
  command: string,
  works: readonly MiningWork[],
  mineOurs: (work: MiningWork) => number,
): BenchResult {
  const folder = mkdtempSync(join(tmpdir(), 'closed-sets-'));
  try {
    const rows = works.map((work) => {
      const file = join(folder, 'transactions.dat');
      writeFileSync(file, transactions(work.matrix));
      const sets = [countSets(command, file, work.minUsers), mineOurs(work)] as const;
      const runs = Array.from({ length: 2 * RUNS }, () => ({
        start: clock(() => spawnSync('true')),
        theirs: clock(() => countSets(command, file, work.minUsers)),
        ours: clock(() => mineOurs(work)),
      })).slice(RUNS);
      return {
        matrix: work.name,
        support: work.minUsers,
        sets: sets[1],
        'same number': sets[0] === sets[1] ? 'yes' : `no: ${sets[0]}`,
        ...times(runs, 'min', (values) => Math.min(...values)),
        ...times(runs, 'median', median),
      };
    });
    return { title: `Closed sets, size ≥ 2, clock ms: \`${command}\` with reading the file, ours warm`, rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Run {
  readonly start: number;
  readonly theirs: number;
  readonly ours: number;
}

function times(
  runs: readonly Run[],
  name: string,
  measure: (values: readonly number[]) => number,
): BenchResult['rows'][number] {
  const [start, theirs, ours] = (['start', 'theirs', 'ours'] as const).map((part) =>
    measure(runs.map((run) => run[part])),
  );
  return {
    [`empty process, ${name}`]: round(start),
    [`theirs, ${name}`]: round(theirs),
    [`ours, ${name}`]: round(ours),
    [`theirs ÷ ours, ${name}`]: theirs < 2 * start ? null : round((theirs - start) / ours),
  };
}

function transactions({ userCount, rowOffsets, rowColumns }: AccessMatrix): string {
  const lines = Array.from({ length: userCount }, (_, user) =>
    rowColumns.subarray(rowOffsets[user], rowOffsets[user + 1]).join(' '),
  );
  return `${lines.join('\n')}\n`;
}

/** Sets of at least two items: the empty set and single items are no patterns. */
function countSets(command: string, file: string, support: number): number {
  const [program, ...words] = command.trim().split(/\s+/);
  const filledIn = words.map((word) => word.replace('{file}', file).replace('{support}', String(support)));
  const { error, status, stdout } = spawnSync(program, filledIn, { encoding: 'utf8' });
  if (error !== undefined || status !== 0) {
    throw new Error(`CLOSED_SET_MINER: "${command}" failed: ${error?.message ?? `exit status ${status}`}`);
  }
  const [total, ...bySize] = stdout.trim().split(/\s+/).map(Number);
  if (bySize.reduce((sum, count) => sum + count, 0) !== total) {
    throw new Error(`CLOSED_SET_MINER: expected the number of sets, then those of size 0, 1, …, got "${stdout}"`);
  }
  return total - (bySize[0] ?? 0) - (bySize[1] ?? 0);
}

function clock(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../median.js';

const MIB = 2 ** 20;
const PAGE_BYTES = 4096;

/** Growth over the second half that is taken for noise of the garbage collector, of the baseline. */
const TOLERATED_GROWTH = 0.05;

/** Resident memory of a process, in MiB (Linux). */
async function residentMiB(pid: number): Promise<number> {
  const [, pages] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
  return (Number(pages) * PAGE_BYTES) / MIB;
}

/** Looks once a second until the work is done. */
export async function watchMemory<T>(pid: number, work: Promise<T>): Promise<{ result: T; samples: number[] }> {
  let isOver = false;
  const finished = work.finally(() => (isOver = true));
  const samples: number[] = [];
  while (!isOver) {
    samples.push(await residentMiB(pid));
    await Promise.race([finished, delay(1000)]);
  }
  return { result: await finished, samples };
}

/**
 * The rule for "no growth": the first half is warm-up (code that gets compiled, pools, the heap's size) and its last
 * quarter the baseline; the line of least squares through the second half may not rise by more than 5% of the
 * baseline. A leak of 1 KiB a request shows at any rate worth the name: 100 requests/s make 30 MiB in five minutes.
 */
export function memoryGrowth(samples: readonly number[]): { baseline: number; growth: number; holds: boolean } {
  const half = Math.floor(samples.length / 2);
  const baseline = median(samples.slice(Math.floor(half * 0.75), half));
  const growth = slopeOf(samples.slice(half)) * (samples.length - half);
  return { baseline, growth, holds: growth <= TOLERATED_GROWTH * baseline };
}

/** Of the line of least squares, per sample. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [product, square] = [0, 0];
  values.forEach((value, place) => {
    product += (place - middle) * (value - mean);
    square += (place - middle) ** 2;
  });
  return square === 0 ? 0 : product / square;
}

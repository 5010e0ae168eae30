import { describe, expect, it } from '@jest/globals';
import { secondsBeforeRetry } from './retry-schedule.js';

describe('the waits between attempts', () => {
  const waits = (random: number): number[] =>
    Array.from({ length: 10 }, (_, index) => secondsBeforeRetry(index + 1, 5, random));

  it('grow to eight hours, a little under a day together', () => {
    expect(waits(0.5)).toEqual([5, 15, 45, 135, 405, 1215, 3645, 10935, 28800, 28800]);
    expect(waits(0.5).reduce((sum, wait) => sum + wait) / 3600).toBeCloseTo(20.6, 1);
  });

  it('are up to a fifth shorter or longer', () => {
    expect(waits(0).slice(0, 3)).toEqual([4, 12, 36]);
    expect(waits(1).slice(0, 3)).toEqual([6, 18, 54]);
  });
});

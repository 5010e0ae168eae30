import { describe, expect, it } from '@jest/globals';
import { SearchMeter } from './search-meter.js';

describe('SearchMeter', () => {
  it('stops at the step budget, a thousand elementary operations each, to the operation', () => {
    const meter = new SearchMeter({}, 3);
    meter.work = 2999;
    expect(meter.mustStop()).toBe(false);
    meter.work = 3000;
    expect(meter.mustStop()).toBe(true);
    expect(meter.stoppedBy).toBe('steps');
    expect(meter.steps).toBe(3);
  });

  it('stops at the time limit when the caller has a clock', () => {
    let milliseconds = 500;
    const meter = new SearchMeter({ now: () => milliseconds }, Infinity, 2);
    expect(meter.mustStop()).toBe(false);
    milliseconds = 2500;
    meter.work += 1_000_000;
    expect(meter.mustStop()).toBe(true);
    expect(meter.stoppedBy).toBe('time');
  });

  it('goes on after a share of the budget, but never after a cancellation', () => {
    let cancelled = false;
    const meter = new SearchMeter({ isCancelled: () => cancelled }, 10_000);
    meter.allow(0.5);
    meter.work = 5_000_000;
    expect(meter.mustStop()).toBe(true);
    meter.allow(1);
    expect(meter.mustStop()).toBe(false);
    cancelled = true;
    meter.work += 1_000_000;
    expect(meter.mustHurry()).toBe(true);
    meter.allow(1);
    expect(meter.mustStop()).toBe(true);
    expect(meter.stoppedBy).toBe('cancelled');
  });

  it('reports progress only forwards and at most 1, also with a time limit of 0', () => {
    const fractions: number[] = [];
    const meter = new SearchMeter({ now: () => 7, onProgress: (fraction) => fractions.push(fraction) }, 1000, 0);
    for (; meter.work < 3_000_000; meter.work += 400_000) meter.mustHurry();

    expect(fractions).toEqual([0.4, 0.8, 1]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { count, counted, duration, fixed, moment, odds, percent } from './wording.js';

describe('wording', () => {
  it('writes numbers with separators, and the word in its number', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(counted(1, 'role')).toBe('1 role');
    expect(counted(2000, 'person', 'people')).toBe('2,000 people');
    expect(fixed(1234.5, 2)).toBe('1,234.50');
  });

  it('says 100% of everything only', () => {
    expect(percent(100)).toBe('100%');
    expect(percent(99.99)).toBe('99.9%');
    expect(percent(0.29 * 100, 0)).toBe('29%');
    expect(percent(0.999 * 100, 0)).toBe('99%');
  });

  it('writes times in UTC', () => {
    expect(moment(new Date('2026-03-04T05:06:07Z'))).toBe('4 March 2026, 05:06 UTC');
  });

  it.each([
    [59_000, 'less than a minute'],
    [60_000, '1 minute'],
    [5 * 60_000, '5 minutes'],
    [3 * 3_600_000, '3 hours'],
    [72 * 3_600_000, '3 days'],
  ])('says %d ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  it.each([
    [0, '1 to 1'],
    [Math.log(8.2), '8 to 1'],
    [Math.log(123), '120 to 1'],
    [Math.log(4567), '4,600 to 1'],
    [100, 'more than 1,000,000 to 1'],
  ])('says %d nats as odds of %s', (nats, text) => {
    expect(odds(nats)).toBe(text);
  });
});

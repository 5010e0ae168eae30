import { describe, expect, it } from '@jest/globals';
import { JOB_TRANSITIONS, MINING_JOB_STATUSES, statusesBefore, terminalStatuses } from './job-status.js';

describe('the states of a mining job', () => {
  const allowed = ['pending → running', 'running → completed', 'running → failed', 'running → cancelled'];

  for (const from of MINING_JOB_STATUSES) {
    for (const to of MINING_JOB_STATUSES) {
      const step = `${from} → ${to}`;
      it(`${allowed.includes(step) ? 'allows' : 'refuses'} ${step}`, () => {
        expect(JOB_TRANSITIONS[from].includes(to)).toBe(allowed.includes(step));
        expect(statusesBefore(to).includes(from)).toBe(allowed.includes(step));
      });
    }
  }

  it('reaches every state from pending', () => {
    const reached = new Set(['pending']);
    for (const status of reached) for (const next of JOB_TRANSITIONS[status as 'pending']) reached.add(next);
    expect([...reached].sort()).toEqual([...MINING_JOB_STATUSES].sort());
  });

  it('ends in completed, failed and cancelled', () => {
    expect(terminalStatuses()).toEqual(['completed', 'failed', 'cancelled']);
  });
});

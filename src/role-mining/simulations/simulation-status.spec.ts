import { describe, expect, it } from '@jest/globals';
import { statesBefore } from '../../common/transitions.js';
import { REMOVABLE_STATUS, SIMULATION_STATUSES, SIMULATION_TRANSITIONS } from './simulation-status.js';

describe('the states of a simulation', () => {
  const allowed = ['draft → executed', 'draft → cancelled', 'executed → applied', 'executed → cancelled'];

  for (const from of SIMULATION_STATUSES) {
    for (const to of SIMULATION_STATUSES) {
      const step = `${from} → ${to}`;
      it(`${allowed.includes(step) ? 'allows' : 'refuses'} ${step}`, () => {
        expect(SIMULATION_TRANSITIONS[from].includes(to)).toBe(allowed.includes(step));
        expect(statesBefore(SIMULATION_TRANSITIONS, to).includes(from)).toBe(allowed.includes(step));
      });
    }
  }

  it('are all reached from draft', () => {
    const reached = new Set(['draft']);
    for (const status of reached) for (const next of SIMULATION_TRANSITIONS[status as 'draft']) reached.add(next);
    expect([...reached].sort()).toEqual([...SIMULATION_STATUSES].sort());
  });

  it('end in applied, and in cancelled, which can be removed', () => {
    const last = SIMULATION_STATUSES.filter((status) => SIMULATION_TRANSITIONS[status].length === 0);
    expect(last).toEqual(['applied', 'cancelled']);
    expect(REMOVABLE_STATUS).toBe('cancelled');
  });
});

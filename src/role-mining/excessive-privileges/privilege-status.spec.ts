import { describe, expect, it } from '@jest/globals';
import { statesBefore } from '../../common/transitions.js';
import { PRIVILEGE_STATUSES, PRIVILEGE_TRANSITIONS } from './privilege-status.js';

describe('the states of an excessive privilege', () => {
  const allowed = ['pending → remediated', 'pending → accepted'];

  for (const from of PRIVILEGE_STATUSES) {
    for (const to of PRIVILEGE_STATUSES) {
      const step = `${from} → ${to}`;
      it(`${allowed.includes(step) ? 'allow' : 'refuse'} ${step}`, () => {
        expect(PRIVILEGE_TRANSITIONS[from].includes(to)).toBe(allowed.includes(step));
        expect(statesBefore(PRIVILEGE_TRANSITIONS, to).includes(from)).toBe(allowed.includes(step));
      });
    }

    it(`lead from ${from} to nothing else`, () => {
      expect(PRIVILEGE_TRANSITIONS[from]).toHaveLength(allowed.filter((step) => step.startsWith(`${from} `)).length);
    });
  }
});

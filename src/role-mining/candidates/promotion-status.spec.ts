import { describe, expect, it } from '@jest/globals';
import { statesBefore } from '../../common/transitions.js';
import { PROMOTION_STATUSES, PROMOTION_TRANSITIONS } from './promotion-status.js';

describe('the states of a role candidate', () => {
  const allowed = ['pending → promoted', 'pending → dismissed'];

  for (const from of PROMOTION_STATUSES) {
    for (const to of PROMOTION_STATUSES) {
      const step = `${from} → ${to}`;
      it(`${allowed.includes(step) ? 'allow' : 'refuse'} ${step}`, () => {
        expect(PROMOTION_TRANSITIONS[from].includes(to)).toBe(allowed.includes(step));
        expect(statesBefore(PROMOTION_TRANSITIONS, to).includes(from)).toBe(allowed.includes(step));
      });
    }

    it(`lead from ${from} to nothing else`, () => {
      expect(PROMOTION_TRANSITIONS[from]).toHaveLength(allowed.filter((step) => step.startsWith(`${from} `)).length);
    });
  }
});

import { describe, expect, it } from '@jest/globals';
import { statesBefore } from '../../common/transitions.js';
import { SUGGESTION_STATUSES, SUGGESTION_TRANSITIONS } from './suggestion-status.js';

describe('the states of a consolidation suggestion', () => {
  const allowed = ['pending → merged', 'pending → dismissed'];

  for (const from of SUGGESTION_STATUSES) {
    for (const to of SUGGESTION_STATUSES) {
      const step = `${from} → ${to}`;
      it(`${allowed.includes(step) ? 'allow' : 'refuse'} ${step}`, () => {
        expect(SUGGESTION_TRANSITIONS[from].includes(to)).toBe(allowed.includes(step));
        expect(statesBefore(SUGGESTION_TRANSITIONS, to).includes(from)).toBe(allowed.includes(step));
      });
    }

    it(`lead from ${from} to nothing else`, () => {
      expect(SUGGESTION_TRANSITIONS[from]).toHaveLength(allowed.filter((step) => step.startsWith(`${from} `)).length);
    });
  }
});

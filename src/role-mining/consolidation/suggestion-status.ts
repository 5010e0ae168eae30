import type { Transitions } from '../../common/transitions.js';

export const SUGGESTION_STATUSES = ['pending', 'merged', 'dismissed'] as const;
export type SuggestionStatus = (typeof SUGGESTION_STATUSES)[number];

/** A suggestion is decided about once (contract: results, "Consolidation suggestions"). */
export const SUGGESTION_TRANSITIONS: Transitions<SuggestionStatus> = {
  pending: ['merged', 'dismissed'],
  merged: [],
  dismissed: [],
};

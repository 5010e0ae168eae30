import type { Transitions } from '../../common/transitions.js';

export const PROMOTION_STATUSES = ['pending', 'promoted', 'dismissed'] as const;
export type PromotionStatus = (typeof PROMOTION_STATUSES)[number];

/** A candidate is decided about once (contract: results, "Role candidates"). */
export const PROMOTION_TRANSITIONS: Transitions<PromotionStatus> = {
  pending: ['promoted', 'dismissed'],
  promoted: [],
  dismissed: [],
};

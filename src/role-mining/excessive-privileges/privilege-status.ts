import type { Transitions } from '../../common/transitions.js';

/** `reviewed` is legacy and never set. */
export const PRIVILEGE_STATUSES = ['pending', 'reviewed', 'remediated', 'accepted'] as const;
export type PrivilegeStatus = (typeof PRIVILEGE_STATUSES)[number];

/** A flag is reviewed once (contract: results, "Excessive privileges"). */
export const PRIVILEGE_TRANSITIONS: Transitions<PrivilegeStatus> = {
  pending: ['remediated', 'accepted'],
  reviewed: [],
  remediated: [],
  accepted: [],
};

/** What a reviewer can do, and what the flag becomes. */
export const STATUS_OF_REVIEW = { accept: 'accepted', remediate: 'remediated' } as const;
export type ReviewAction = keyof typeof STATUS_OF_REVIEW;
export const REVIEW_ACTIONS = Object.keys(STATUS_OF_REVIEW) as ReviewAction[];

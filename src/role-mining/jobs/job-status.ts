import { statesBefore, type Transitions } from '../../common/transitions.js';

export const MINING_JOB_STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;
export type MiningJobStatus = (typeof MINING_JOB_STATUSES)[number];

/** The whole state machine of a mining job (contract: mining jobs, "State Transitions"). No other step exists. */
export const JOB_TRANSITIONS: Transitions<MiningJobStatus> = {
  pending: ['running'],
  running: ['completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

/** Statuses from which a job may go to `target`: what a guarded UPDATE lists. */
export function statusesBefore(target: MiningJobStatus): MiningJobStatus[] {
  return statesBefore(JOB_TRANSITIONS, target);
}

/** Statuses that nothing leads out of: such a job can be deleted. */
export function terminalStatuses(): MiningJobStatus[] {
  return MINING_JOB_STATUSES.filter((status) => JOB_TRANSITIONS[status].length === 0);
}

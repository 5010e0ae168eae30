import type { Transitions } from '../../common/transitions.js';

export const SIMULATION_STATUSES = ['draft', 'executed', 'applied', 'cancelled'] as const;
export type SimulationStatus = (typeof SIMULATION_STATUSES)[number];

/** The whole state machine of a simulation (contract: results, "Simulations"). */
export const SIMULATION_TRANSITIONS: Transitions<SimulationStatus> = {
  draft: ['executed', 'cancelled'],
  executed: ['applied', 'cancelled'],
  applied: [],
  cancelled: [],
};

/** A simulation in this state can be removed; an applied one stays, as the record of what was done. */
export const REMOVABLE_STATUS: SimulationStatus = 'cancelled';

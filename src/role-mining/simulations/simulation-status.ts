export const SIMULATION_STATUSES = ['draft', 'executed', 'applied', 'cancelled'] as const;
export type SimulationStatus = (typeof SIMULATION_STATUSES)[number];

/** The whole state machine of a simulation (contract: results, "Simulations"). No other step exists. */
export const SIMULATION_TRANSITIONS: Readonly<Record<SimulationStatus, readonly SimulationStatus[]>> = {
  draft: ['executed', 'cancelled'],
  executed: ['applied', 'cancelled'],
  applied: [],
  cancelled: [],
};

/** A simulation in this state can be removed; an applied one stays, as the record of what was done. */
export const REMOVABLE_STATUS: SimulationStatus = 'cancelled';

/** Statuses from which a simulation may go to `target`: what a guarded UPDATE lists. */
export function statusesBefore(target: SimulationStatus): SimulationStatus[] {
  return SIMULATION_STATUSES.filter((status) => SIMULATION_TRANSITIONS[status].includes(target));
}

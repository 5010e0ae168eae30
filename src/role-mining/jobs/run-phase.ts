/** The parts of a run in their order: reading the graph, the phases of mining, saving the results. */
export const RUN_PHASES = ['load', 'patterns', 'roles', 'privileges', 'consolidation', 'noise', 'save'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

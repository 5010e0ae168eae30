/** What a role set that a search has come to costs: it would be the result if the search ended now. */
export interface RoleSetSoFar {
  readonly roleCount: number;
  /** Weighted structural complexity. */
  readonly complexity: number;
}

/** How the caller of a long computation follows and stops it. Plain callbacks: the engine knows no clock and no thread. */
export interface EngineControl {
  /** `fraction` of the phase at hand, 0 to 1, never backwards within the call. */
  onProgress?(fraction: number): void;
  /** The least complex role set so far, each less complex than the one before. Not told when complexity is not the objective. */
  onBest?(best: RoleSetSoFar): void;
  /** Asked at least every few milliseconds; once true the computation returns the best it has. */
  isCancelled?(): boolean;
  /** Monotonic milliseconds, for the wall-clock safety stop only: results may not depend on it otherwise. */
  now?(): number;
}

/** Why a search ended. Only after `time` and `cancelled` may the same input and seed give another result. */
export type StoppedBy = 'proven' | 'converged' | 'steps' | 'time' | 'cancelled';

/** The caller's signal ended the run before it was complete. */
export class MiningCancelledError extends Error {
  override readonly name = 'MiningCancelledError';

  constructor() {
    super('mining was cancelled');
  }
}

/** A run that the machine could not carry through, with what an administrator can do about it. */
export class MiningFailedError extends Error {
  override readonly name = 'MiningFailedError';
}

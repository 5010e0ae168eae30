/** A run that did not end well; the message is for the people who asked for it. */
export class MiningError extends Error {
  override readonly name: string = 'MiningError';
}

/** The caller's signal ended the run before it was complete. */
export class MiningCancelledError extends MiningError {
  override readonly name = 'MiningCancelledError';

  constructor() {
    super('mining was cancelled');
  }
}

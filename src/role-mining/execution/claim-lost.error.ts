/** The job was cancelled, or another worker has taken it over: this worker may write nothing more. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';

  constructor() {
    super('The claim on the job was lost');
  }
}

/** A claim that is not true: the message says which, in one sentence. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** What cannot be checked at all, because it cannot be read or is too large: one sentence. */
export class UnusableInputError extends Error {
  override readonly name = 'UnusableInputError';
}

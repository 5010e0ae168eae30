/** Every way in which a well-formed call can fail; `problem-details.filter.ts` gives each its HTTP status. */
export type DomainErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'unsupported_media_type'
  | 'too_large'
  | 'too_many_requests'
  | 'unavailable';

/** One thing that is wrong with the input: a field of a body or query, or a line of a file. */
export type InputFault =
  | { readonly field: string; readonly message: string }
  | { readonly file: string; readonly line: number | null; readonly message: string };

/** A refusal that the caller can understand. `message` is one readable sentence and is shown to the caller. */
export class DomainError extends Error {
  constructor(
    readonly code: DomainErrorCode,
    message: string,
    /** For `invalid`: what exactly. Members of the problem+json document otherwise. */
    readonly details: { readonly errors?: readonly InputFault[]; readonly [member: string]: unknown } = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export class InvalidInputError extends DomainError {
  constructor(errors: readonly InputFault[], details: Readonly<Record<string, unknown>> = {}) {
    super('invalid', errors.map((error) => error.message).join('; ') || 'The request is not valid', {
      ...details,
      errors,
    });
  }
}

/** The object does not exist in the caller's tenant; another tenant's objects do not exist either. */
export class NotFoundError extends DomainError {
  constructor(what: string, id: string) {
    super('not_found', `There is no ${what} ${id}`);
  }
}

/** The object exists, and its state does not allow the call. */
export class ConflictError extends DomainError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('conflict', message, details);
  }
}

import { errorCode } from '../error-code.js';

/** SQLSTATE classes and codes that say "not now": connection failures, shutdown, too many connections, time-outs of a pool. */
const UNAVAILABLE_STATES = /^(08|57P0[123]|53300|53400)/;
/** A lock or a statement that took too long, a deadlock, a serialization failure: the same call may well succeed later. */
const BUSY_STATES = /^(55P03|57014|40P01|40001)$/;
const UNAVAILABLE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
/** What `pg` says without a code of its own, and the server with a code that says too little (55000). */
const UNAVAILABLE_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|is not currently accepting connections/;

/** Whether an error means that the database cannot be reached or is overloaded, so that trying again later makes sense. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return anyCause(error, (cause) => {
    const code = errorCode(cause) ?? '';
    return UNAVAILABLE_STATES.test(code) || UNAVAILABLE_CODES.has(code) || UNAVAILABLE_MESSAGES.test(cause.message);
  });
}

/**
 * Whether the database has given up a statement in favour of others. Apart from `isDatabaseUnavailable`: a caller may try
 * again, but a mining job whose statements are too slow would be too slow twenty times.
 */
export function isDatabaseBusy(error: unknown): boolean {
  return anyCause(error, (cause) => BUSY_STATES.test(errorCode(cause) ?? ''));
}

/** TypeORM wraps what `pg` throws. */
function anyCause(error: unknown, matches: (error: Error) => boolean): boolean {
  if (!(error instanceof Error)) return false;
  if (matches(error)) return true;
  return 'driverError' in error && error.driverError !== error && anyCause(error.driverError, matches);
}

import { errorCode } from '../error-code.js';

/**
 * SQLSTATE classes and codes that say "not now": connection failures, shutdown, too many connections, time-outs of a pool,
 * and sessions that the server ended for being idle (of a process that stood still, as in a paused virtual machine).
 */
const UNAVAILABLE_STATES = /^(08|57P0[1235]|53300|53400|25P03)/;
/** A lock that others held for too long, a deadlock, a serialization failure: no fault of the statement's own. */
const CONTENDED_STATES = /^(55P03|40P01|40001)$/;
/** A statement that took longer than it may. */
const TOO_SLOW_STATE = '57014';
/** No room on the server's disk. */
const DISK_FULL_STATE = '53100';
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
 * Whether the database has given up a statement in favour of others: the same one may well succeed later. Told apart from
 * one that is too slow, which in a mining job would be too slow twenty times.
 */
export function isDatabaseContended(error: unknown): boolean {
  return anyCause(error, (cause) => CONTENDED_STATES.test(errorCode(cause) ?? ''));
}

/** Whether a statement was ended because it took longer than it may. */
export function isStatementTooSlow(error: unknown): boolean {
  return anyCause(error, (cause) => errorCode(cause) === TOO_SLOW_STATE);
}

/** Whether the server has no room left on its disk. */
export function isDatabaseDiskFull(error: unknown): boolean {
  return anyCause(error, (cause) => errorCode(cause) === DISK_FULL_STATE);
}

/** TypeORM wraps what `pg` throws. */
function anyCause(error: unknown, matches: (error: Error) => boolean): boolean {
  if (!(error instanceof Error)) return false;
  if (matches(error)) return true;
  return 'driverError' in error && error.driverError !== error && anyCause(error.driverError, matches);
}

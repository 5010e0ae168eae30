/** SQLSTATE classes and codes that say "not now": connection failures, shutdown, too many connections, time-outs of a pool. */
const UNAVAILABLE_STATES = /^(08|57P0[123]|53300|53400)/;
const UNAVAILABLE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
/** What `pg` says without a code of its own. */
const UNAVAILABLE_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;

/** Whether an error means that the database cannot be reached or is overloaded, so that trying again later makes sense. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (UNAVAILABLE_STATES.test(code) || UNAVAILABLE_CODES.has(code) || UNAVAILABLE_MESSAGES.test(error.message))
    return true;
  return 'driverError' in error && error.driverError !== error && isDatabaseUnavailable(error.driverError);
}

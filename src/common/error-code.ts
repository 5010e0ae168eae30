/**
 * The `code` of a system or database error ('ENOENT', '57P03'), or null. Asks for the property rather than
 * `instanceof Error`, which is false for errors of Node's core inside jest's sandbox.
 */
export function errorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

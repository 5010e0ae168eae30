/** The only door of the checker. */
export type { InputFile } from './file-text.js';
export { RefusedError, UnusableInputError } from './verification.error.js';
export { verify, type VerificationInput } from './verify.js';

import { errorCode } from '../../common/error-code.js';
import { EmbeddedServerError } from './embedded-server.error.js';

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'it cannot be written by this user',
  EPERM: 'it cannot be written by this user',
  EROFS: 'it is mounted read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
};

/** Turns what the file system, or initdb, said about the data directory into what its owner can do about it. */
export function explainFailure(error: unknown, dataDirectory: string): EmbeddedServerError {
  const message = error instanceof Error ? error.message : String(error);
  const hint = /No space left on device/.test(message) ? HINTS['ENOSPC'] : HINTS[errorCode(error) ?? ''];
  if (hint === undefined && error instanceof EmbeddedServerError) return error;
  return new EmbeddedServerError(
    `The embedded PostgreSQL cannot keep its files in ${dataDirectory}: ${hint ?? message}. Set DATA_DIR to another folder`,
    { cause: error },
  );
}

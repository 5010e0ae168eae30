import { gunzipSync } from 'node:zlib';
import { UnusableInputError } from './verification.error.js';

/** A file as it was read. */
export interface InputFile {
  /** As it is called in messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The text of a file, unpacked where it begins like gzip, without a byte order mark. */
export function textOf({ name, bytes }: InputFile): string {
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : message;
    throw new UnusableInputError(`${name} cannot be read: ${problem}`);
  }
}

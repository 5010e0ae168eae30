import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { AccessFile } from '../access-files/access-file.js';

/** A file of this machine; opened when it is first read, so that none stays open that is not. */
export function localFile(path: string, onProgress: (fraction: number) => void): AccessFile {
  return { name: path, content: contentOf(path, onProgress) };
}

async function* contentOf(path: string, onProgress: (fraction: number) => void): AsyncGenerator<Buffer> {
  try {
    const { size } = await stat(path);
    let read = 0;
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      read += chunk.length;
      onProgress(read / size);
      yield chunk;
    }
  } catch (error) {
    throw new Error(`cannot read ${path}: ${fileProblem(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}

/** Why a file cannot be read or written, for people. */
export function fileProblem({ code, message }: NodeJS.ErrnoException): string {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
  };
  return known[code ?? ''] ?? message;
}

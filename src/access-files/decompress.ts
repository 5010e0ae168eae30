import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { AccessFile } from './access-file.js';

const GZIP_MAGIC = [0x1f, 0x8b];

/** The bytes of the file, unpacked where they are gzip. Errors of gzip come as they are, with a `code` like Z_DATA_ERROR. */
export async function* decompress({ content, compressed }: AccessFile): AsyncGenerator<Buffer> {
  const chunks = content[Symbol.asyncIterator]();
  try {
    let head = Buffer.alloc(0);
    while (head.length < GZIP_MAGIC.length) {
      const next = await chunks.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    const packed = compressed ?? GZIP_MAGIC.every((byte, at) => head[at] === byte);
    if (packed) yield* gunzip(chain(head, chunks));
    else yield* chain(head, chunks);
  } finally {
    await chunks.return?.();
  }
}

async function* chain(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    const { buffer, byteOffset, byteLength } = next.value;
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}

async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked = createGunzip();
  // Reading `unpacked` below meets every error; the callback only keeps it from being unhandled.
  pipeline(Readable.from(packed), unpacked, () => undefined);
  yield* unpacked as AsyncIterable<Buffer>;
}

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ACCESS_FILE_PARTS, type AccessFile, type AccessFilePart } from '../../../access-files/access-file.js';
import { decompress } from '../../../access-files/decompress.js';
import { errorCode } from '../../../common/error-code.js';
import { DomainError, InvalidInputError } from '../../../common/errors/domain.error.js';
import { ImportRejectedError } from '../import-faults.js';

const LONGEST_FILE_NAME = 200;

/** The files of one import, unpacked in a folder of their own, which is removed with them. */
export class UploadedFiles implements AsyncDisposable {
  readonly files: { [Part in AccessFilePart]?: AccessFile } = {};
  private readonly digests: { [Part in AccessFilePart]?: string } = {};
  private bytes = 0;
  private bytesRead = 0;

  private constructor(
    private readonly directory: string,
    private readonly maxBytes: number,
  ) {}

  static async create(maxBytes: number): Promise<UploadedFiles> {
    return new UploadedFiles(await mkdtemp(join(tmpdir(), 'role-mining-import-')), maxBytes);
  }

  /**
   * Streams one file to disk.
   *
   * @param name as its sender knows it
   * @throws DomainError too_large, InvalidInputError for a part that came before, ImportRejectedError for damaged gzip
   */
  async save(part: AccessFilePart, name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.files[part] !== undefined) {
      throw new InvalidInputError([{ field: part, message: `${part} was sent twice` }]);
    }
    const path = join(this.directory, part);
    const shownName = name.slice(0, LONGEST_FILE_NAME);
    try {
      await pipeline(this.limited(part, decompress({ name, content })), createWriteStream(path));
    } catch (error) {
      if (!errorCode(error)?.startsWith('Z_')) throw error;
      throw new ImportRejectedError([{ file: shownName, line: null, message: 'the gzip data is damaged' }], 1);
    }
    this.files[part] = { name: shownName, content: this.counted(path), compressed: false };
  }

  get isEmpty(): boolean {
    return ACCESS_FILE_PARTS.every((part) => this.files[part] === undefined);
  }

  /** The same for the same content of the same parts, however it was sent and packed. */
  fingerprint(): string {
    return ACCESS_FILE_PARTS.map((part) => this.digests[part] ?? '').join(' ');
  }

  /** How much of the files has been read, 0 to 1. */
  fractionRead(): number {
    return this.bytes === 0 ? 1 : this.bytesRead / this.bytes;
  }

  /** Unpacked bytes: a few megabytes of gzip can be as large as a disk. */
  private async *limited(part: AccessFilePart, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const digest = createHash('sha256');
    for await (const chunk of content) {
      this.bytes += chunk.length;
      if (this.bytes > this.maxBytes) {
        throw new DomainError('too_large', `The files of an import must have at most ${this.maxBytes} bytes in all`);
      }
      digest.update(chunk);
      yield chunk;
    }
    this.digests[part] = digest.digest('hex');
  }

  private async *counted(path: string): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      this.bytesRead += chunk.length;
      yield chunk;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

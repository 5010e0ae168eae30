import { isUtf8 } from 'node:buffer';
import type { AccessFile } from './access-file.js';
import { AccessFileError } from './access-file.error.js';
import { decompress } from './decompress.js';

/** Whole lines of a file, with their line ends. */
export interface TextBlock {
  readonly text: string;
  /** Line of the file at which the text begins, from 1. */
  readonly firstLine: number;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
/** A line that is longer is taken for a file without lines. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

/**
 * The text of a file in blocks of whole lines, as its chunks come: so each can be checked and parsed by itself, and what
 * is no UTF-8 is found with its line. A byte order mark is left out.
 *
 * @throws AccessFileError for bytes that are not UTF-8, NUL characters, damaged gzip, a line without end, and no bytes
 */
export async function* textBlocks(file: AccessFile): AsyncGenerator<TextBlock> {
  let firstLine = 1;
  let rest: Buffer[] = [];
  let restLength = 0;
  let isFirst = true;
  const blockOf = (bytes: Buffer): TextBlock => {
    const withoutMark = isFirst && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
    isFirst = false;
    checkText(file.name, withoutMark, firstLine);
    const block = { text: withoutMark.toString('utf8'), firstLine };
    firstLine += countLineFeeds(bytes);
    return block;
  };
  try {
    for await (const chunk of decompress(file)) {
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) {
        const block = blockOf(Buffer.concat([...rest, chunk.subarray(0, end)]));
        rest = [];
        restLength = 0;
        yield block;
      }
      rest.push(chunk.subarray(end));
      restLength += chunk.length - end;
      if (restLength > LONGEST_LINE_BYTES) {
        throw new AccessFileError(file.name, firstLine, `the line is longer than ${LONGEST_LINE_BYTES} bytes`);
      }
    }
  } catch (error) {
    if (!isGzipError(error)) throw error;
    throw new AccessFileError(file.name, firstLine, `the gzip data is damaged: ${error.message}`, { cause: error });
  }
  if (restLength > 0) yield blockOf(Buffer.concat(rest));
  if (isFirst) throw new AccessFileError(file.name, 1, 'the file is empty');
}

function checkText(file: string, bytes: Buffer, firstLine: number): void {
  const nul = bytes.indexOf(0);
  if (isUtf8(bytes) && nul < 0) return;
  for (let from = 0, line = firstLine; from < bytes.length; line++) {
    const lineFeed = bytes.indexOf(LINE_FEED, from);
    const to = lineFeed < 0 ? bytes.length : lineFeed + 1;
    const ofLine = bytes.subarray(from, to);
    if (!isUtf8(ofLine)) throw new AccessFileError(file, line, 'the bytes are not UTF-8: save the file as UTF-8');
    if (ofLine.includes(0)) throw new AccessFileError(file, line, 'there is a NUL character: save the file as UTF-8');
    from = to;
  }
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

/** Known by its code: what Node throws may be of another realm's `Error`. */
function isGzipError(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('Z_');
}

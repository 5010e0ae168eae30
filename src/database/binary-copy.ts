import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { BinaryWriter, decodeInt4Array, int4ArrayLength, type BinaryColumn, type RowOf } from './binary-columns.js';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** The signature, flags and the length of the (empty) header extension. */
const HEADER = Buffer.concat([SIGNATURE, Buffer.alloc(8)]);
const END_OF_ROWS = -1;
/** A few socket buffers' worth: smaller pieces cost a system call each, larger ones gained nothing. */
const PIECE_BYTES = 128 * 1024;

export type CopyClient = Pick<ClientBase, 'query'>;

/**
 * Streams rows into the server; memory stays flat however many there are. Not into a table behind row-level security:
 * PostgreSQL refuses COPY FROM there, so that goes by a temporary table.
 *
 * @param sql `COPY table (columns) FROM STDIN (FORMAT binary)`
 * @param rows one by one, or in batches when they come asynchronously: to wait for each takes longer than to encode it
 * @returns the number of rows
 * @throws TypeError or RangeError for a value that its column cannot hold, and whatever the server or `rows` throws; then no row is kept
 */
export async function copyInto<const Columns extends readonly BinaryColumn<unknown>[]>(
  client: CopyClient,
  sql: string,
  columns: Columns,
  rows: Iterable<RowOf<Columns>> | AsyncIterable<readonly RowOf<Columns>[]>,
): Promise<number> {
  const target = client.query(copyFrom(sql));
  await pipeline(Readable.from(encodeRows(columns, rows), { objectMode: false }), target);
  return target.rowCount;
}

async function* encodeRows<Columns extends readonly BinaryColumn<unknown>[]>(
  columns: Columns,
  rows: Iterable<RowOf<Columns>> | AsyncIterable<readonly RowOf<Columns>[]>,
): AsyncGenerator<Buffer> {
  const out = new BinaryWriter(PIECE_BYTES);
  out.raw(HEADER);
  const encode = (row: RowOf<Columns>): void => {
    out.int16(columns.length);
    for (let i = 0; i < columns.length; i++) columns[i].encode(out, row[i]);
  };
  for await (const batch of Symbol.asyncIterator in rows ? rows : [rows]) {
    for (const row of batch) {
      encode(row);
      if (out.isFull) yield out.take();
    }
  }
  out.int16(END_OF_ROWS);
  yield out.take();
}

/**
 * Streams the rows of a query. Stopping early is allowed: the rest is read and dropped, and the connection stays good.
 *
 * @param sql `COPY (SELECT …) TO STDOUT (FORMAT binary)`; COPY takes no parameters
 */
export async function* readBinaryCopy<const Columns extends readonly BinaryColumn<unknown>[]>(
  client: CopyClient,
  sql: string,
  columns: Columns,
): AsyncGenerator<RowOf<Columns>> {
  for await (const rows of readPieces(client, sql, columns.length, (bytes, start) =>
    decodeRow(columns, bytes, start),
  )) {
    yield* rows;
  }
}

/**
 * The same for rows of (int4, int4[]) without making objects: `accept` gets a view that is only good until it returns.
 * The server is what takes the time (2 M integers in 100,000 lists: 0.30 s, 0.33 s by `readBinaryCopy`), the gain is memory.
 */
export async function readIntegerLists(
  client: CopyClient,
  sql: string,
  accept: (key: number, values: Int32Array) => void,
): Promise<void> {
  let scratch = new Int32Array(1024);
  const pieces = readPieces(client, sql, 2, (bytes, start) => {
    const key = bytes.readInt32BE(start + 4);
    const arrayStart = start + 12;
    const count = int4ArrayLength(bytes, arrayStart, bytes.readInt32BE(start + 8));
    if (count > scratch.length) scratch = new Int32Array(count * 2);
    decodeInt4Array(bytes, arrayStart, count, scratch, 0);
    accept(key, scratch.subarray(0, count));
  });
  while (!(await pieces.next()).done);
}

function decodeRow<Columns extends readonly BinaryColumn<unknown>[]>(
  columns: Columns,
  bytes: Buffer,
  start: number,
): RowOf<Columns> {
  let at = start;
  const row = columns.map((column) => {
    const length = bytes.readInt32BE(at);
    const from = at + 4;
    at = from + Math.max(length, 0);
    return column.decode(bytes, from, length < 0 ? -1 : at);
  });
  // A tuple made by map() is an array to the compiler.
  return row as unknown as RowOf<Columns>;
}

/** What `decode` makes of each row, in arrays of the rows that have arrived together. `start` is the first field's length. */
async function* readPieces<T>(
  client: CopyClient,
  sql: string,
  fieldCount: number,
  decode: (bytes: Buffer, start: number) => T,
): AsyncGenerator<T[]> {
  const source = client.query(copyTo(sql));
  const pending = new PendingBytes();
  let headerRead = false;
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const bytes = pending.add(chunk);
      if (bytes === null) continue;
      let at = 0;
      if (!headerRead) {
        if (bytes.length < HEADER.length) {
          pending.keep(bytes, HEADER.length);
          continue;
        }
        at = HEADER.length;
        headerRead = true;
      }
      const rows: T[] = [];
      for (;;) {
        const end = endOfRow(bytes, at, fieldCount);
        if (end > bytes.length) {
          pending.keep(bytes.subarray(at), end - at);
          break;
        }
        if (end === at + 2) break; // the trailer
        rows.push(decode(bytes, at + 2));
        at = end;
      }
      yield rows;
    }
  } finally {
    if (!source.readableEnded && source.errored === null) await drain(source);
  }
}

/** Where the row at `at` ends, as far as can be told: beyond `bytes` when it has not arrived whole. */
function endOfRow(bytes: Buffer, at: number, fieldCount: number): number {
  if (at + 2 > bytes.length) return at + 2 + fieldCount * 4;
  const fields = bytes.readInt16BE(at);
  if (fields === END_OF_ROWS) return at + 2;
  if (fields !== fieldCount) throw new TypeError(`expected rows of ${fieldCount} columns, got ${fields}`);
  let end = at + 2;
  for (let field = 0; field < fields; field++) {
    if (end + 4 > bytes.length) return end + 4 * (fields - field);
    end += 4 + Math.max(bytes.readInt32BE(end), 0);
  }
  return end;
}

function drain(source: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    source.once('end', resolve).once('error', reject).resume();
  });
}

/** The beginning of a row that has not arrived whole. Joined once, when enough is there: a list may span hundreds of chunks. */
class PendingBytes {
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = 0;

  /** Everything unread, or null while the next row cannot be complete. */
  add(chunk: Buffer): Buffer | null {
    if (this.#chunks.length === 0) return chunk;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return null;
    const bytes = Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [];
    return bytes;
  }

  keep(rest: Buffer, needed: number): void {
    if (rest.length === 0) return;
    this.#chunks = [rest];
    this.#length = rest.length;
    this.#needed = needed;
  }
}

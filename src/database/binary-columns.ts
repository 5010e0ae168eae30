/**
 * Values of PostgreSQL's binary COPY format ("File Formats, Binary Format" under COPY in its manual; what a type's
 * bytes mean is its `…send` and `…recv` function). Everything is big-endian; every value has its length in front.
 */

/** How values of one column are written and read. Wrap it in `nullable` where NULL is to be expected. */
export interface BinaryColumn<T> {
  encode(out: BinaryWriter, value: T): void;
  /** `end` is -1 for NULL. */
  decode(bytes: Buffer, start: number, end: number): T;
}

/** A row as the tuple of its columns' types. */
export type RowOf<Columns extends readonly BinaryColumn<unknown>[]> = {
  readonly [K in keyof Columns]: Columns[K] extends BinaryColumn<infer T> ? T : never;
};

/** A growing buffer that is handed over in pieces of about `pieceBytes`. */
export class BinaryWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(private readonly pieceBytes: number) {
    this.#bytes = Buffer.allocUnsafe(pieceBytes);
  }

  get isFull(): boolean {
    return this.#length >= this.pieceBytes * 0.75;
  }

  get length(): number {
    return this.#length;
  }

  /** What has been written since the last call. The buffer is given away, not reused. */
  take(): Buffer {
    const piece = this.#bytes.subarray(0, this.#length);
    // As much as was needed this time: to grow to it again would copy and throw away as much once more.
    this.#bytes = Buffer.allocUnsafe(Math.max(this.pieceBytes, this.#length));
    this.#length = 0;
    return piece;
  }

  /** Makes room for `count` bytes, to be called before a write. */
  reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#length + count, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  int16(value: number): void {
    this.reserve(2);
    this.#length = this.#bytes.writeInt16BE(value, this.#length);
  }

  int32(value: number): void {
    this.reserve(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  int64(value: bigint): void {
    this.reserve(8);
    this.#length = this.#bytes.writeBigInt64BE(value, this.#length);
  }

  double(value: number): void {
    this.reserve(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  byte(value: number): void {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** The text in UTF-8 with its length in front; `version` is the byte that jsonb wants before it. */
  text(value: string, version?: number): void {
    this.reserve(5 + value.length * 3);
    const start = this.#length + 4;
    let at = start;
    if (version !== undefined) this.#bytes[at++] = version;
    at += this.#bytes.write(value, at, 'utf8');
    this.#bytes.writeInt32BE(at - start, this.#length);
    this.#length = at;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Of 16-byte values that lie one after the other the ones at these places, each with its length in front. */
  uuidsAt(packed: Uint8Array, places: Int32Array): void {
    this.reserve(places.length * 20);
    const bytes = this.#bytes;
    let at = this.#length;
    // By hand: a call for each 16 bytes would take several times as long.
    for (const place of places) {
      bytes[at++] = 0;
      bytes[at++] = 0;
      bytes[at++] = 0;
      bytes[at++] = 16;
      for (let from = place * 16; from < place * 16 + 16;) bytes[at++] = packed[from++];
    }
    this.#length = at;
  }

  /** 16 bytes from 36 characters. */
  uuid(value: string): void {
    this.reserve(16);
    let at = this.#length;
    let character = 0;
    while (character < value.length && at < this.#length + 16) {
      if (value.charCodeAt(character) === DASH) character++;
      const high = hexDigit(value.charCodeAt(character++));
      const low = hexDigit(value.charCodeAt(character++));
      if (high < 0 || low < 0) break;
      this.#bytes[at++] = (high << 4) | low;
    }
    if (value.length !== 36 || character !== 36 || at !== this.#length + 16) {
      throw new TypeError(`expected a UUID, got ${JSON.stringify(value)}`);
    }
    this.#length = at;
  }
}

const DASH = 0x2d;

/** The 16 bytes of each UUID, one after the other. */
export function packUuids(values: readonly string[]): Uint8Array {
  const out = new BinaryWriter(values.length * 16);
  for (const value of values) out.uuid(value);
  return out.take();
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  return -1;
}

function uuidAt(bytes: Buffer, start: number): string {
  const hex = bytes.toString('hex', start, start + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function refuseNull(end: number): void {
  if (end < 0) throw new TypeError('a column that is read as NOT NULL holds NULL: declare it as nullable(…)');
}

export const int4: BinaryColumn<number> = {
  encode(out, value) {
    out.int32(4);
    out.int32(value);
  },
  decode(bytes, start, end) {
    refuseNull(end);
    return bytes.readInt32BE(start);
  },
};

export const float8: BinaryColumn<number> = {
  encode(out, value) {
    out.int32(8);
    out.double(value);
  },
  decode(bytes, start, end) {
    refuseNull(end);
    return bytes.readDoubleBE(start);
  },
};

export const bool: BinaryColumn<boolean> = {
  encode(out, value) {
    out.int32(1);
    out.byte(value ? 1 : 0);
  },
  decode(bytes, start, end) {
    refuseNull(end);
    return bytes[start] === 1;
  },
};

export const text: BinaryColumn<string> = {
  encode(out, value) {
    out.text(value);
  },
  decode(bytes, start, end) {
    refuseNull(end);
    return bytes.toString('utf8', start, end);
  },
};

/** Any JSON value. */
export const jsonb: BinaryColumn<unknown> = {
  encode(out, value) {
    out.text(JSON.stringify(value), 1);
  },
  decode(bytes, start, end) {
    refuseNull(end);
    return JSON.parse(bytes.toString('utf8', start + 1, end)) as unknown;
  },
};

export const uuid: BinaryColumn<string> = {
  encode(out, value) {
    out.int32(16);
    out.uuid(value);
  },
  decode(bytes, start, end) {
    refuseNull(end);
    return uuidAt(bytes, start);
  },
};

const EPOCH_2000_MS = Date.UTC(2000, 0, 1);

/** Microseconds since 2000 on the wire, milliseconds here: finer times are rounded towards 2000. */
export const timestamptz: BinaryColumn<Date> = {
  encode(out, value) {
    out.int32(8);
    out.int64(BigInt(value.getTime() - EPOCH_2000_MS) * 1000n);
  },
  decode(bytes, start, end) {
    refuseNull(end);
    return new Date(EPOCH_2000_MS + Number(bytes.readBigInt64BE(start) / 1000n));
  },
};

const INT4_OID = 23;
const UUID_OID = 2950;

/** dimensions, "has NULLs", element type, length, lower bound */
function encodeArrayHeader(out: BinaryWriter, count: number, elementOid: number, elementBytes: number): void {
  if (count === 0) {
    out.int32(12);
    out.int32(0);
    out.int32(0);
    out.int32(elementOid);
    return;
  }
  out.reserve(24 + count * (4 + elementBytes));
  out.int32(20 + count * (4 + elementBytes));
  out.int32(1);
  out.int32(0);
  out.int32(elementOid);
  out.int32(count);
  out.int32(1);
}

/** How many elements the array at `start` has; they begin at `start + ARRAY_HEADER_BYTES`. */
function decodeArrayHeader(bytes: Buffer, start: number, end: number): number {
  refuseNull(end);
  const dimensions = bytes.readInt32BE(start);
  if (dimensions === 0) return 0;
  if (dimensions !== 1 || bytes.readInt32BE(start + 4) !== 0) {
    throw new TypeError('expected an array of one dimension without NULLs');
  }
  return bytes.readInt32BE(start + 12);
}

const ARRAY_HEADER_BYTES = 20;

export const int4Array: BinaryColumn<ArrayLike<number>> = {
  encode(out, values) {
    encodeArrayHeader(out, values.length, INT4_OID, 4);
    for (let i = 0; i < values.length; i++) {
      out.int32(4);
      out.int32(values[i]);
    }
  },
  decode(bytes, start, end) {
    const values = new Int32Array(decodeArrayHeader(bytes, start, end));
    decodeInt4Array(bytes, start, values.length, values, 0);
    return values;
  },
};

/** The number of elements of an int4[] without reading them. */
export const int4ArrayLength: (bytes: Buffer, start: number, end: number) => number = decodeArrayHeader;

/** Reads `count` elements of an int4[] into `target` from `offset` on. */
export function decodeInt4Array(bytes: Buffer, start: number, count: number, target: Int32Array, offset: number): void {
  let at = start + ARRAY_HEADER_BYTES + 4;
  for (let i = 0; i < count; i++, at += 8) target[offset + i] = bytes.readInt32BE(at);
}

export const uuidArray: BinaryColumn<readonly string[]> = {
  encode(out, values) {
    encodeArrayHeader(out, values.length, UUID_OID, 16);
    for (const value of values) {
      out.int32(16);
      out.uuid(value);
    }
  },
  decode(bytes, start, end) {
    const count = decodeArrayHeader(bytes, start, end);
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(uuidAt(bytes, start + ARRAY_HEADER_BYTES + 4 + i * 20));
    return values;
  },
};

/** The same column where NULL is allowed. */
export function nullable<T>(column: BinaryColumn<T>): BinaryColumn<T | null> {
  return {
    encode(out, value) {
      if (value === null) out.int32(-1);
      else column.encode(out, value);
    },
    decode(bytes, start, end) {
      return end < 0 ? null : column.decode(bytes, start, end);
    },
  };
}

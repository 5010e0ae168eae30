import { type BinaryColumn, BinaryWriter, float8, int4, jsonb, nullable, text, uuid } from './binary-columns.js';

/** How values of one column of a table travel as elements of a binary array (`array_recv` in PostgreSQL's source). */
export interface InsertColumn<T> {
  /** SQL type of the elements, and its number. */
  readonly type: string;
  readonly oid: number;
  /** A list's elements lie one after the other in the array of all rows; otherwise a value is one element. */
  readonly isList: boolean;
  /** Writes the elements of one row's value. Returns their number. */
  append(out: BinaryWriter, value: T): number;
}

/** A list of UUIDs out of a table of them, so that long lists that share their UUIDs need no texts. */
export interface UuidSelection {
  /** 16 bytes each. */
  readonly table: Uint8Array;
  /** Which of the table's UUIDs, in the list's order. */
  readonly places: Int32Array;
}

function column<T>(type: string, oid: number, binary: BinaryColumn<T>): InsertColumn<T> {
  return {
    type,
    oid,
    isList: false,
    append(out, value) {
      binary.encode(out, value);
      return 1;
    },
  };
}

const UUID = { type: 'uuid', oid: 2950 };

export const INSERT_COLUMNS = {
  uuid: column(UUID.type, UUID.oid, uuid),
  uuidOrNull: column(UUID.type, UUID.oid, nullable(uuid)),
  text: column('text', 25, text),
  textOrNull: column('text', 25, nullable(text)),
  integer: column('integer', 23, int4),
  double: column('double precision', 701, float8),
  jsonb: column('jsonb', 3802, jsonb),
  uuidList: {
    ...UUID,
    isList: true,
    append(out: BinaryWriter, values: readonly string[]): number {
      for (const value of values) uuid.encode(out, value);
      return values.length;
    },
  },
  uuidSelection: {
    ...UUID,
    isList: true,
    append(out: BinaryWriter, { table, places }: UuidSelection): number {
      out.uuidsAt(table, places);
      return places.length;
    },
  },
} as const;

const COUNT_AT = 12;
/** What is there to begin with; it grows with the values. */
const FIRST_BYTES = 4096;

/** A binary array of one dimension while it is being filled. */
export class ArrayParameter {
  count = 0;
  private readonly out = new BinaryWriter(FIRST_BYTES);

  constructor(private readonly oid: number) {
    this.begin();
  }

  /** Returns the bytes added. */
  add<T>(column: InsertColumn<T>, value: T): number {
    const before = this.out.length;
    this.count += column.append(this.out, value);
    return this.out.length - before;
  }

  /** The array; the next one begins. */
  take(): Buffer {
    const bytes = this.out.take();
    bytes.writeInt32BE(this.count, COUNT_AT);
    this.begin();
    return bytes;
  }

  /** Dimensions; whether NULLs are among them, which the server sees for itself; type; length; lower bound. */
  private begin(): void {
    this.count = 0;
    for (const field of [1, 0, this.oid, 0, 1]) this.out.int32(field);
  }
}

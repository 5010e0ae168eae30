import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  BinaryWriter,
  bool,
  float8,
  int4,
  int4Array,
  jsonb,
  nullable,
  text,
  timestamptz,
  uuid,
  uuidArray,
  type BinaryColumn,
} from './binary-columns.js';

function roundTrip<T>(column: BinaryColumn<T>, value: T): T {
  const out = new BinaryWriter(16);
  column.encode(out, value);
  const bytes = out.take();
  const length = bytes.readInt32BE(0);
  expect(bytes.length).toBe(4 + Math.max(length, 0));
  return column.decode(bytes, 4, length < 0 ? -1 : bytes.length);
}

function encoded<T>(column: BinaryColumn<T>, value: T): string {
  const out = new BinaryWriter(16);
  column.encode(out, value);
  return out.take().toString('hex');
}

describe('columns of binary COPY', () => {
  // Expected bytes: what PostgreSQL's own send functions give, e.g. SELECT encode(timestamptz_send('…'), 'hex').
  it('writes what the send functions of PostgreSQL write', () => {
    expect(encoded(int4, -2)).toBe('00000004fffffffe');
    expect(encoded(float8, 1.5)).toBe('000000083ff8000000000000');
    expect(encoded(bool, true)).toBe('0000000101');
    expect(encoded(text, 'é')).toBe('00000002c3a9');
    expect(encoded(jsonb, { a: 1 })).toBe('00000008017b2261223a317d');
    expect(encoded(uuid, '00112233-4455-6677-8899-AABBCCDDEEFF')).toBe('0000001000112233445566778899aabbccddeeff');
    expect(encoded(timestamptz, new Date('2000-01-01T00:00:01Z'))).toBe('0000000800000000000f4240');
    expect(encoded(timestamptz, new Date('1999-12-31T23:59:59Z'))).toBe('00000008fffffffffff0bdc0');
    expect(encoded(int4Array, [7])).toBe('0000001c00000001000000000000001700000001000000010000000400000007');
    expect(encoded(int4Array, [])).toBe('0000000c000000000000000000000017');
    expect(encoded(nullable(int4), null)).toBe('ffffffff');
  });

  it('reads what it wrote', () => {
    const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(fc.property(int, (value) => expect(roundTrip(int4, value)).toBe(value)));
    fc.assert(fc.property(fc.array(int), (values) => expect(Array.from(roundTrip(int4Array, values))).toEqual(values)));
    fc.assert(fc.property(fc.uuid(), (value) => expect(roundTrip(uuid, value)).toBe(value)));
    fc.assert(fc.property(fc.array(fc.uuid()), (values) => expect(roundTrip(uuidArray, values)).toEqual(values)));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(roundTrip(text, value)).toBe(value);
        expect(roundTrip(nullable(text), value)).toBe(value);
      }),
    );
    fc.assert(fc.property(fc.double(), (value) => expect(roundTrip(float8, value)).toBe(value)));
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(roundTrip(jsonb, value)).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
    const date = fc.date({ noInvalidDate: true, max: new Date('9999-12-31') });
    fc.assert(fc.property(date, (value) => expect(roundTrip(timestamptz, value)).toEqual(value)));
    expect(roundTrip(nullable(uuid), null)).toBeNull();
  });

  it('refuses what a column cannot hold', () => {
    for (const bad of ['', 'x', '00112233-4455-6677-8899-aabbccddeef', '00112233-4455-6677-8899-aabbccddeegg']) {
      expect(() => encoded(uuid, bad)).toThrow(`expected a UUID, got "${bad}"`);
    }
    expect(() => encoded(uuid, '00112233445566778899aabbccddeeff')).toThrow(TypeError);
    expect(() => encoded(int4, 2 ** 31)).toThrow('out of range');
    expect(() => encoded(timestamptz, new Date(NaN))).toThrow('cannot be converted to a BigInt');
    expect(() => int4.decode(Buffer.alloc(4), 0, -1)).toThrow('holds NULL');
  });
});

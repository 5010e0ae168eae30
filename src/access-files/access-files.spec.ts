import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { ACCESS_FILE_PARTS, type AccessFile, type AccessFilePart, type RowFault } from './access-file.js';
import { AccessFileError } from './access-file.error.js';
import { readAssignments } from './read-assignments.js';
import { readEntitlements } from './read-entitlements.js';
import { readRoles } from './read-roles.js';
import { readUsers } from './read-users.js';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures/access-files');

const readers = {
  assignments: readAssignments,
  users: readUsers,
  entitlements: readEntitlements,
  roles: readRoles,
} satisfies Record<AccessFilePart, unknown>;

/** What fixtures hold: dates as text, attributes as an object. */
function plain(rows: readonly object[]): unknown {
  const json = JSON.stringify(rows, (_, value: unknown) =>
    value instanceof Map ? (Object.fromEntries(value) as unknown) : value,
  );
  return JSON.parse(json);
}

async function collect<Row>(batches: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

function bytesOf(text: string, chunkBytes = 1 << 16): AccessFile {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return { name: 'test.csv', content: Readable.from(chunks) };
}

/** The cases of a folder: each file beside `expected.json` must be in it, and the other way round. */
function casesOf<Expected>(folder: string): [file: string, expected: Expected][] {
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>;
  const files = readdirSync(folder).filter((file) => file !== 'expected.json');
  expect(files.sort()).toEqual(Object.keys(expected).sort());
  return Object.entries(expected);
}

describe.each(ACCESS_FILE_PARTS)('files of %s', (part) => {
  const read: (file: AccessFile, options?: object) => AsyncIterable<object[]> = readers[part];

  describe('valid', () => {
    const folder = join(FIXTURES, 'valid', part);
    it.each(casesOf<unknown>(folder))('reads %s', async (file, expected) => {
      const rows = await collect(read({ name: file, content: createReadStream(join(folder, file)) }));
      expect(plain(rows)).toEqual(expected);
    });

    it.each(casesOf<unknown>(folder))('reads %s byte by byte', async (file, expected) => {
      const content = createReadStream(join(folder, file), { highWaterMark: 1 });
      expect(plain(await collect(read({ name: file, content })))).toEqual(expected);
    });
  });

  describe('invalid', () => {
    const folder = join(FIXTURES, 'invalid', part);
    it.each(casesOf<string>(folder))('rejects %s', async (file, message) => {
      const reading = collect(read({ name: file, content: createReadStream(join(folder, file)) }));
      await expect(reading).rejects.toThrow(`${file}, ${message}`);
      await expect(reading).rejects.toThrow(AccessFileError);
    });
  });
});

describe('readAssignments', () => {
  it('tells every fault in the order of the file and goes on with the other rows', async () => {
    const faults: RowFault[] = [];
    const file = bytesOf('user,entitlement\nu1,e1\nu2\n,e1\nu3,e1,x\nu4,e1\n');

    const rows = await collect(readAssignments(file, { onFault: (fault) => faults.push(fault) }));

    expect(rows.map(({ user, line }) => [user, line])).toEqual([
      ['u1', 2],
      ['u4', 6],
    ]);
    expect(faults).toEqual([
      { file: 'test.csv', line: 3, message: 'expected 2 fields, got 1' },
      { file: 'test.csv', line: 4, message: 'user is empty' },
      { file: 'test.csv', line: 5, message: 'expected 2 fields, got 3' },
    ]);
  });

  it('keeps count of the lines over blocks, also after quoted line breaks', async () => {
    const lines = Array.from({ length: 500 }, (_, row) => (row % 3 === 0 ? `"u\n${row}",e` : `u${row},e`));
    const text = `user,entitlement\n${lines.join('\n')}\nu,e,too many\n`;

    for (const chunkBytes of [7, 64, 1000]) {
      await expect(collect(readAssignments(bytesOf(text, chunkBytes)))).rejects.toThrow(
        `test.csv, line ${text.split('\n').length - 1}: expected 2 fields, got 3`,
      );
    }
  });

  it('takes the word of the sender for what is compressed', async () => {
    const text = 'user,entitlement\nu1,e1\n';
    const packed = gzipSync(text);

    expect(
      await collect(readAssignments({ name: 'a', content: Readable.from([packed]), compressed: true })),
    ).toHaveLength(1);
    await expect(
      collect(readAssignments({ name: 'a', content: Readable.from([packed]), compressed: false })),
    ).rejects.toThrow('not UTF-8');
    await expect(
      collect(readAssignments({ name: 'a', content: Readable.from([Buffer.from(text)]), compressed: true })),
    ).rejects.toThrow('a, line 1: the gzip data is damaged: incorrect header check');
  });

  it('rejects a line without end', async () => {
    const file = bytesOf(`user,entitlement\n${'x'.repeat(5 * 1024 * 1024)}`);

    await expect(collect(readAssignments(file))).rejects.toThrow('test.csv, line 2: the line is longer than');
  });

  it('passes on an error of the stream', async () => {
    const content = Readable.from(
      (function* () {
        yield Buffer.from('user,entitlement\nu1,e1\n');
        throw new Error('connection lost');
      })(),
    );

    await expect(collect(readAssignments({ name: 'a', content }))).rejects.toThrow('connection lost');
  });

  it.each([false, true])('closes the stream when reading ends early (packed: %s)', async (packed) => {
    const text = Buffer.from(`user,entitlement\n${'u,e\n'.repeat(100_000)}`);
    const bytes = packed ? gzipSync(text) : text;
    const content = new Readable({
      read() {
        this.push(bytes);
      },
    });

    for await (const rows of readAssignments({ name: 'a', content })) {
      expect(rows.length).toBeGreaterThan(0);
      break;
    }

    expect(content.destroyed).toBe(true);
  });
});

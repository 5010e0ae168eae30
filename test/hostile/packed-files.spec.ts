import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startTestService, type TestService } from '../support/test-service.js';

const IMPORTS = '/governance/access-graph/imports?part=assignments&wait=30';
const LIMIT = 8 << 20;

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api', IMPORT_MAX_BYTES: String(LIMIT) });
});
afterAll(async () => service[Symbol.asyncDispose]());

async function send(body: Uint8Array<ArrayBuffer>): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(service.url + IMPORTS, {
    method: 'POST',
    headers: { Authorization: `Bearer ${service.token()}`, 'Content-Type': 'application/gzip' },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** So many bytes of one line again and again, packed as they are made: about a thousandth of their size. */
async function bomb(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const block = Buffer.from('ada,read\n'.repeat(100_000));
  const blocks = Array.from({ length: Math.ceil(bytes / block.length) }, () => block);
  return Uint8Array.from(await buffer(Readable.from(blocks).pipe(createGzip({ level: 9 }))));
}

const importFolders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('role-mining-import-'));

describe('a gzip file that is much larger than it looks', () => {
  it('is refused at the limit of unpacked bytes, without being held in memory, and leaves nothing behind', async () => {
    const packed = await bomb(512 << 20);
    expect(packed.length).toBeLessThan(2 << 20);
    const foldersBefore = new Set(await importFolders());
    global.gc?.();
    const before = process.memoryUsage();
    let peak = 0;
    const watch = setInterval(() => {
      const { external, arrayBuffers } = process.memoryUsage();
      peak = Math.max(peak, external + arrayBuffers - before.external - before.arrayBuffers);
    }, 5);
    const { status, body } = await send(packed);
    clearInterval(watch);
    expect(status).toBe(413);
    expect(body.detail).toBe(`The files of an import must have at most ${LIMIT} bytes in all`);
    // Unpacked it would be 512 MiB: it is not held, and not unpacked to its end.
    expect(peak).toBeLessThan(100 << 20);
    await eventually(importFolders, (folders) => folders.every((folder) => foldersBefore.has(folder)));
  });

  it('counts all files of an import together', async () => {
    const half = await bomb(LIMIT * 0.6);
    const form = new FormData();
    for (const part of ['assignments', 'users']) form.append(part, new Blob([half]), `${part}.csv.gz`);
    const response = await fetch(`${service.url}/governance/access-graph/imports`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${service.token()}` },
      body: form,
    });
    expect(response.status).toBe(413);
    await response.arrayBuffer();
  });

  it('lets the connection be used again, however the files that were too large came', async () => {
    const plain = Uint8Array.from(Buffer.from('ada,read\n'.repeat(1_500_000)));
    const form = new FormData();
    for (const part of ['assignments', 'users']) form.append(part, new Blob([plain]), `${part}.csv`);
    // undici keeps the connection of an answer for the next request.
    for (let i = 0; i < 3; i += 1) {
      expect((await send(plain)).status).toBe(413);
      const response = await fetch(`${service.url}/governance/access-graph/imports`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${service.token()}` },
        body: form,
        signal: AbortSignal.timeout(20_000),
      });
      expect(response.status).toBe(413);
      await response.arrayBuffer();
    }
  });

  it('is unpacked once: gzip within gzip is no CSV', async () => {
    const { status, body } = await send(Uint8Array.from(gzipSync(await bomb(64 << 20))));
    expect(status).toBe(400);
    expect(body.errors).toEqual([expect.objectContaining({ file: 'assignments', line: 1 })]);
  });

  it('is refused when it ends early, has garbage behind it, or lies about itself', async () => {
    const good = gzipSync('user,entitlement\nada,read\n');
    const flipped = Uint8Array.from(good);
    flipped[flipped.length - 6] ^= 0xff;
    for (const damaged of [good.subarray(0, -9), Buffer.concat([good, Buffer.from([0x1f, 0x8b, 9, 9])]), flipped]) {
      const { status, body } = await send(Uint8Array.from(damaged));
      expect([status, body.detail]).toEqual([400, expect.stringMatching(/gzip data is damaged/)]);
    }
  });

  it('may come in several members, as `cat a.gz b.gz` makes them', async () => {
    const members = Buffer.concat([gzipSync('user,entitlement\nada,read\n'), gzipSync('bob,read\n')]);
    const { status, body } = await send(Uint8Array.from(members));
    expect([status, body.counts]).toEqual([
      201,
      expect.objectContaining({ assignments: expect.objectContaining({ total: 2 }) }),
    ]);
  });
});

describe('a line without an end', () => {
  it('is refused at 4 MiB, packed or not', async () => {
    const line = Buffer.concat([Buffer.from('user,entitlement\n'), Buffer.alloc(6 << 20, 'x')]);
    for (const bytes of [line, gzipSync(line)]) {
      const { status, body } = await send(Uint8Array.from(bytes));
      expect([status, body.detail]).toEqual([400, expect.stringMatching(/the line is longer than 4194304 bytes/)]);
    }
  });

  it('is refused too when a quote keeps it open over lines', async () => {
    const open = Buffer.from(`user,entitlement\n"${'ada\n'.repeat(1_300_000)}`);
    const { status, body } = await send(Uint8Array.from(open));
    expect([status, body.detail]).toEqual([400, expect.stringMatching(/a quoted field is not closed/)]);
  });
});

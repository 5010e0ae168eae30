import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { connectionSettings } from './connection.js';
import { OpeningConnection } from './opening-connection.js';

/** A message of PostgreSQL's protocol: its kind, the length of what follows with itself, its content. */
function message(kind: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + length.length);
  return Buffer.concat([Buffer.from(kind), length, content]);
}

const ACCEPTED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const ENDED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

describe('connectionSettings', () => {
  // Ends each session in the packet that accepts it, as a server does that is stopped just then.
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([ACCEPTED, READY, ENDED])));
  });
  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });

  it.each([
    ['by itself', {}],
    ['of a pool that opens transactions', { Client: OpeningConnection }],
  ])('keeps the process alive when a session is ended as soon as it has begun: %s', async (_, more) => {
    const { port } = server.address() as AddressInfo;
    const settings = connectionSettings(
      { certificateAuthority: null, connectTimeoutMs: 5_000 },
      `postgresql://somebody@127.0.0.1:${port}/some`,
      { statementTimeoutMs: null, lockTimeoutMs: null, idleTransactionTimeoutMs: null },
    );
    const pool = new pg.Pool({ ...settings, ...more });
    const client = await pool.connect();
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release();
    expect(pool.totalCount).toBe(0);
    await pool.end();
  });
});

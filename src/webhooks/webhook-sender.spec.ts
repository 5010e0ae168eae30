import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeliveryError, type Resolve, WebhookSender } from './webhook-sender.js';

const CONFIG = { allowPrivateAddresses: false, attempts: 1, retrySeconds: 1, timeoutMs: 1_000 };

let server: Server;
let calls = 0;
let url: string;
beforeAll(async () => {
  server = createServer((_request, response) => {
    calls++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://rebinding.example:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());

/** A name server that says something else at every question. */
function resolving(...answers: string[][]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (host, callback) => {
    const addresses = answers[asked.length] ?? [];
    asked.push(host);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { resolve, asked };
}

describe('the sender of webhooks', () => {
  it.each([[['127.0.0.1']], [['::ffff:127.0.0.1']], [['::1', '10.0.0.1', '169.254.169.254']]])(
    'calls nobody whose name means %j',
    async (addresses) => {
      const { resolve } = resolving(addresses);
      await expect(new WebhookSender(CONFIG, resolve).send(url, {}, '{}')).rejects.toThrow('no public address');
      expect(calls).toBe(0);
    },
  );

  it.each(['http://127.0.0.1/', 'http://[::1]/', 'http://[::ffff:7f00:1]/', 'http://0x7f000001/'])(
    'calls no private address that is given as one: %s',
    async (address) => {
      const { resolve, asked } = resolving();
      await expect(new WebhookSender(CONFIG, resolve).send(address, {}, '{}')).rejects.toThrow('no public address');
      expect(asked).toEqual([]);
    },
  );

  it('connects to what it has checked: a name is asked for once', async () => {
    const { resolve, asked } = resolving(['127.0.0.1'], ['192.0.2.1']);
    const sender = new WebhookSender({ ...CONFIG, allowPrivateAddresses: true }, resolve);
    expect(await sender.send(url, {}, '{}')).toBe(200);
    expect([calls, asked]).toEqual([1, ['rebinding.example']]);
  });

  it('says that a name is unknown', async () => {
    const resolve: Resolve = (_host, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    await expect(new WebhookSender(CONFIG, resolve).send(url, {}, '{}')).rejects.toThrow(
      new DeliveryError('The connection failed (ENOTFOUND)'),
    );
  });
});

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { eventually } from './test-service.js';

export interface ReceivedMessage {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** How a message is answered. */
export type Answer = (response: ServerResponse) => void;

export const answerWith =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end('an answer');
  };

/** Somebody else's server, which messages are posted to. */
export class WebhookReceiver implements AsyncDisposable {
  readonly messages: ReceivedMessage[] = [];
  /** Answers to the next messages, in their order; 200 for all others. */
  readonly answers: Answer[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.receive(request, response));
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Waits until so many messages have come. */
  async received(count: number): Promise<readonly ReceivedMessage[]> {
    return eventually(
      () => Promise.resolve(this.messages),
      (messages) => messages.length >= count,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const headers = request.headers as Record<string, string>;
    this.messages.push({ id: headers['webhook-id'], headers, body: Buffer.concat(parts).toString() });
    (this.answers.shift() ?? answerWith(200))(response);
  }
}

/**
 * What a receiver makes of a message that it can trust, by the reference implementation of Standard Webhooks.
 *
 * @throws WebhookVerificationError
 */
export function verified(secret: string, { body, headers }: ReceivedMessage): unknown {
  return new Webhook(secret).verify(body, headers);
}

import { lookup, type LookupAddress } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { errorCode } from '../common/error-code.js';
import type { WebhooksConfig } from '../config/config.js';
import { isPublicAddress } from './public-address.js';

/** Why a message did not arrive, as administrators are told. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(
    message: string,
    /** The HTTP status that came instead of a 2xx; null when there was none. */
    readonly status: number | null = null,
  ) {
    super(message);
  }
}

const PRIVATE_ADDRESS = 'ERR_PRIVATE_ADDRESS';
const REFUSED = 'The host has no public address: only those may be called (WEBHOOK_ALLOW_PRIVATE_ADDRESSES)';

/** All addresses of a host. */
export type Resolve = (
  host: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const resolveByDns: Resolve = (host, callback) => lookup(host, { all: true }, callback);

/**
 * Posts messages to hosts that tenants name, and to no other: the address is checked when the connection is made, with
 * the same look-up that the connection uses, so that a name cannot mean something else a moment later (DNS rebinding).
 * Redirects are not followed, proxies of the environment not used.
 */
export class WebhookSender {
  constructor(
    private readonly config: WebhooksConfig,
    private readonly resolve: Resolve = resolveByDns,
  ) {}

  /**
   * @returns the status of the answer, a 2xx
   * @throws DeliveryError when there is no such answer in time
   */
  async send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const status = await this.post(new URL(url), headers, body);
    if (status >= 300 && status < 400) {
      throw new DeliveryError(`The answer was ${status}, and redirects are not followed`, status);
    }
    if (status < 200 || status > 299) throw new DeliveryError(`The answer was ${status}`, status);
    return status;
  }

  private async post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.mayCall(host)) throw new DeliveryError(REFUSED);
    const { timeoutMs } = this.config;
    const signal = AbortSignal.timeout(timeoutMs);
    return await new Promise((resolve, reject) => {
      const options: RequestOptions = { method: 'POST', headers, signal, agent: false, lookup: this.checkedLookup };
      const onAnswer = (answer: IncomingMessage): void => {
        // What the answer says is nobody's business here; the signal ends one that goes on and on.
        answer.on('error', () => undefined).resume();
        resolve(answer.statusCode ?? 0);
      };
      const request: ClientRequest =
        url.protocol === 'https:' ? httpsRequest(url, options, onAnswer) : httpRequest(url, options, onAnswer);
      request.on('error', (error) => reject(deliveryErrorOf(error, signal.aborted, timeoutMs)));
      request.end(body);
    });
  }

  private mayCall(address: string): boolean {
    return this.config.allowPrivateAddresses || isPublicAddress(address);
  }

  private readonly checkedLookup: LookupFunction = (host, options, callback) => {
    this.resolve(host, (error, found) => {
      if (error) return callback(error, []);
      const wanted = found.filter(({ family }) => !options.family || family === options.family);
      const allowed = wanted.filter(({ address }) => this.mayCall(address));
      if (allowed.length === 0) {
        return callback(Object.assign(new Error('no address may be called'), { code: PRIVATE_ADDRESS }), []);
      }
      if (options.all) callback(null, allowed);
      else callback(null, allowed[0].address, allowed[0].family);
    });
  };
}

function deliveryErrorOf(error: Error, isTimeUp: boolean, timeoutMs: number): DeliveryError {
  if (isTimeUp) return new DeliveryError(`There was no answer within ${timeoutMs / 1000} s`);
  const code = errorCode(error);
  if (code === PRIVATE_ADDRESS) return new DeliveryError(REFUSED);
  return new DeliveryError(`The connection failed (${code ?? error.message})`);
}

import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import { arrivals } from './arrivals.js';
import type { LoadOrder, LoadOutcome } from './generator-protocol.js';
import { percentile } from './percentile.js';
import type { LoadRequest } from './profile.js';

/**
 * The load, in a process of its own, so that its share of the processor is known: orders and outcomes are messages of
 * the parent process.
 */
const CLOSED_CONNECTIONS = 16;
const OPEN_CONNECTIONS = 128;
const TIMEOUT_MS = 10_000;

async function saturate({ url, headers, requests, seconds }: LoadOrder): Promise<LoadOutcome> {
  const latencies: number[] = [];
  const beganAt = Date.now();
  const ended = Promise.withResolvers<autocannon.Result>();
  const run = autocannon(
    {
      url,
      headers: { ...headers },
      requests: requests.map(({ method, path, body }) => ({ method, path, ...(body !== undefined && { body }) })),
      connections: CLOSED_CONNECTIONS,
      duration: seconds,
    },
    (error: Error | null, result) => (error ? ended.reject(error) : ended.resolve(result)),
  );
  run.on('response', (_client, _status, _bytes, time) => latencies.push(time));
  const { errors, timeouts, non2xx } = await ended.promise;
  return { perSecond: latencies.length / seconds, beganAt, latencies, errors: errors + timeouts + non2xx, lateness: 0 };
}

/**
 * Sends each request when it is due, answered or not what came before. autocannon's `overallRate` is no such thing: each
 * connection sends its share of a second one after the other at once, then waits for the next second.
 */
async function pace(order: LoadOrder, perSecond: number): Promise<LoadOutcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: OPEN_CONNECTIONS });
  const due = arrivals(perSecond, order.seconds);
  const latencies = new Array<number>(due.length).fill(TIMEOUT_MS);
  const lateness: number[] = [];
  let errors = 0;
  const [begin, beganAt] = [performance.now(), Date.now()];
  const answers: Promise<void>[] = [];
  for (let sent = 0; sent < due.length; await delay(1)) {
    for (; sent < due.length && begin + due[sent] <= performance.now(); sent++) {
      const [place, dueAt] = [sent, begin + due[sent]];
      lateness.push(performance.now() - dueAt);
      answers.push(
        send(order, order.requests[place % order.requests.length], agent).then((isGood) => {
          latencies[place] = performance.now() - dueAt;
          if (!isGood) errors += 1;
        }),
      );
    }
  }
  await Promise.all(answers);
  agent.destroy();
  return { perSecond: due.length / order.seconds, beganAt, latencies, errors, lateness: percentile(lateness, 99) };
}

/** Whether the answer came and was 2xx. */
function send({ url, headers }: LoadOrder, { method, path, body }: LoadRequest, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(url + path, { method, headers, agent, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve(Math.floor((response.statusCode ?? 0) / 100) === 2));
      response.once('error', () => resolve(false));
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', () => resolve(false));
    sent.end(body);
  });
}

process.on('message', (order: LoadOrder) => {
  const run = order.perSecond === null ? saturate(order) : pace(order, order.perSecond);
  void run.then((outcome) => process.send?.(outcome));
});

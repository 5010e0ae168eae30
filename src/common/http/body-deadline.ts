import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemDetails } from '../errors/problem-details.js';

/**
 * Gives bodies a time in which to arrive: a caller that sends one byte now and then keeps a connection and its buffers
 * otherwise. A handler that streams its body itself (imports) is reached at once and has the server's longer time.
 */
export function limitBodyTime(fastify: FastifyInstance, milliseconds: number): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const { headers } = request;
    if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
      timers.set(
        request,
        setTimeout(() => refuse(request, reply), milliseconds),
      );
    }
    done();
  });
  const stop = (request: FastifyRequest): void => clearTimeout(timers.get(request));
  fastify.addHook('preValidation', (request, _reply, done) => {
    stop(request);
    done();
  });
  // A body that was refused or broke off never gets as far as that.
  fastify.addHook('onResponse', (request, _reply, done) => {
    stop(request);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    stop(request);
    done();
  });
}

function refuse(request: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent) return;
  const timeout = Object.assign(new Error('The body did not arrive in time'), { statusCode: 408 });
  const problem = problemDetails(timeout, request.url.split('?', 1)[0]);
  // What is still to come of the body would be read as the next request.
  reply.raw.once('finish', () => request.raw.destroy());
  void reply
    .status(problem.status)
    .header('Connection', 'close')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type INestApplication, type Type, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { trace } from '@opentelemetry/api';
import { Logger } from 'nestjs-pino';
import { RefusedAttempts } from './audit/refused-attempts.js';
import { problemDetails } from './common/errors/problem-details.js';
import { ProblemDetailsFilter } from './common/errors/problem-details.filter.js';
import { BodyFaultInterceptor } from './common/http/body-fault.interceptor.js';
import { limitBodyTime } from './common/http/body-deadline.js';
import { answerClientError } from './common/http/client-errors.js';
import { readJsonBodies } from './common/http/json-body.js';
import { runInRequest } from './common/http/request-context.js';
import { requestIdOf } from './common/http/request-id.js';
import { addSecurityHeaders } from './common/http/security-headers.js';
import { createValidationPipe } from './common/validation/validation.pipe.js';
import { Config } from './config/config.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { openApiDocument, serveOpenApi } from './openapi/openapi.js';
import { ProcessMetrics } from './process-metrics/process-metrics.js';
import { VERSION } from './version.js';

const MAX_BODY_BYTES = 1 << 20;
/** Path and headers together; a token with many groups has a few KiB. */
const MAX_HEADER_BYTES = 16 << 10;
const MAX_HEADERS_MS = 10_000;
/** How often Node looks for requests that are too slow: so much later than said they may be found. */
const SLOW_REQUEST_CHECK_MS = 1_000;

/**
 * The service on HTTP, everything that all routes share included; not yet listening. Used by the process and by the
 * end-to-end tests, so that both are the same.
 */
export async function createHttpApplication(
  module: DynamicModule | Type,
  config: Config,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(MAX_HEADERS_MS, config.http.requestTimeoutMs),
      connectionsCheckingInterval: SLOW_REQUEST_CHECK_MS,
    },
    // The longest that there is; other bodies than those of imports have less (`limitBodyTime`).
    requestTimeout: config.http.importTimeoutMs,
    clientErrorHandler: answerClientError,
    trustProxy: trustedProxies(config.http.trustProxy),
    genReqId: (request: IncomingMessage) => {
      const id = requestIdOf(request);
      Object.assign(request, { id }); // pino-http reads it from the raw request
      return id;
    },
    // Paths that the router cannot read never reach Nest and its filter.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemDetails(error, request.url.split('?', 1)[0]);
      addSecurityHeaders(request, reply);
      void reply
        .status(problem.status)
        .headers(commonHeaders(request))
        .type('application/problem+json')
        .send(JSON.stringify(problem));
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  // Exits with 0: an orchestrator that asked the process to stop must not read a failure.
  app.enableShutdownHooks([], { useProcessExit: true });
  if (config.http.corsOrigins.length > 0) {
    app.enableCors({
      origin: config.http.corsOrigins.includes('*') ? true : [...config.http.corsOrigins],
      exposedHeaders: ['Location', 'X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    });
  }
  app.useGlobalFilters(new ProblemDetailsFilter());
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalInterceptors(new BodyFaultInterceptor(), app.get(IdempotencyInterceptor));
  closeUnusedConnections(app);
  shareHooks(app, config, app.get(ProcessMetrics), app.get(RefusedAttempts));
  serveOpenApi(app, openApiDocument(app, { version: VERSION, basePath: config.http.publicBasePath }));
  return app;
}

/** A number of hops as the function that Fastify's types ask for. */
function trustedProxies(
  setting: Config['http']['trustProxy'],
): boolean | string[] | ((address: string, hop: number) => boolean) {
  if (typeof setting === 'boolean') return setting;
  return typeof setting === 'number' ? (_address, hop) => hop < setting : [...setting];
}

/** What every answer carries. */
function commonHeaders(request: FastifyRequest): Record<string, string> {
  return { 'X-Request-Id': request.id, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };
}

/**
 * Ends, when the process is asked to stop, connections on which nothing was ever sent, as browsers open them ahead: Node
 * counts them among the busy ones and waits a minute for their first request.
 */
function closeUnusedConnections(app: NestFastifyApplication): void {
  const sockets = new Set<Socket>();
  const server = app.getHttpServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preClose', (done) => {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      done();
    });
}

/** What happens to every request whatever its route. */
function shareHooks(app: INestApplication, config: Config, metrics: ProcessMetrics, refusals: RefusedAttempts): void {
  const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
  readJsonBodies(fastify);
  limitBodyTime(fastify, config.http.requestTimeoutMs);
  fastify.addHook('onRequest', (request, reply, done) => {
    addSecurityHeaders(request, reply);
    void reply.headers(commonHeaders(request));
    // The span of the request, if there are spans at all, is made before the route is known.
    trace.getActiveSpan()?.updateName(`${request.method} ${request.routeOptions.url ?? 'unknown'}`);
    done();
  });
  // After the body has been read: its streams would lose the context.
  fastify.addHook('preHandler', (request, _reply, done) => runInRequest(request.id, done));
  fastify.addHook('onSend', (request, reply, payload) => refusals.record(request, reply, payload));
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.observeRequest({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}

import type { IncomingMessage } from 'node:http';
import { type DynamicModule, Module, RequestMethod } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { LoggerModule } from 'nestjs-pino';
import type { LogLevel } from '../../config/config.js';

/** Headers that carry secrets; never logged. */
const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'res.headers["set-cookie"]',
];

/** Probes and scrapes come every few seconds and say nothing. */
const isProbe = ({ url, originalUrl = url }: IncomingMessage & { originalUrl?: string }): boolean =>
  /^\/(?:health\/|metrics$)/.test(originalUrl ?? '');

/** Names the trace that a line belongs to, when there is one (src/telemetry), as OpenTelemetry's log model does. */
function traceOfLine(): Record<string, string> {
  const context = trace.getActiveSpan()?.spanContext();
  return context ? { trace_id: context.traceId, span_id: context.spanId } : {};
}

/** JSON lines for machines, readable ones on a terminal; each line of a request carries its id. */
@Module({})
export class LoggingModule {
  static forRoot(level: LogLevel): DynamicModule {
    return {
      module: LoggingModule,
      imports: [
        LoggerModule.forRoot({
          // Its own default, `{/*splat}`, matches no path on Fastify: nothing of a request was ever logged.
          forRoutes: [{ path: '*path', method: RequestMethod.ALL }],
          pinoHttp: {
            level,
            redact: REDACTED,
            mixin: traceOfLine,
            // Fastify has given the request its id already (see http-application.ts).
            genReqId: (request) => request.id,
            autoLogging: { ignore: isProbe },
            customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
            serializers: {
              req: (request: { id: string; method: string; url: string }) => ({
                id: request.id,
                method: request.method,
                url: request.url.split('?', 1)[0],
              }),
              res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
            },
            transport: process.stdout.isTTY ? { target: 'pino-pretty', options: { singleLine: true } } : undefined,
          },
        }),
      ],
    };
  }
}

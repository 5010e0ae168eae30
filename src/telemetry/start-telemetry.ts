import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** Of our own URLs the ticket that opens a job's events; of webhooks' URLs what commonly is one, the library's own list included. */
const SECRET_PARAMETERS = [
  'ticket',
  'token',
  'key',
  'secret',
  'sig',
  'Signature',
  'AWSAccessKeyId',
  'X-Goog-Signature',
];

/**
 * OpenTelemetry traces from the request over the queue to the worker, as the standard `OTEL_*` variables say: HTTP and
 * SQL by instrumentation, the queue by pg-boss. Must run before anything loads `http` or `pg`, which it wraps.
 *
 * Metrics are Prometheus's (`/metrics`) and logs are the process's own unless the variables ask for more.
 */
export function startTelemetry(): void {
  process.env.OTEL_SERVICE_NAME ??= 'role-mining-service';
  process.env.OTEL_METRICS_EXPORTER ??= 'none';
  process.env.OTEL_LOGS_EXPORTER ??= 'none';
  const sdk = new NodeSDK({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = '' }) => /^\/(health\/|metrics)/.test(url),
        redactedQueryParams: SECRET_PARAMETERS,
        // Statements of the queue's polling would each be a trace of their own.
        requireParentforOutgoingSpans: true,
      }),
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  // Whatever has been recorded until now still leaves when the process is asked to go.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void sdk.shutdown().catch(() => {}));
}

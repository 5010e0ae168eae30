import { describe, expect, it } from '@jest/globals';
import { isTelemetryWanted } from './telemetry-wanted.js';

describe('isTelemetryWanted', () => {
  it.each([
    [{}, false],
    [{ OTEL_SERVICE_NAME: 'x' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
    [{ OTEL_TRACES_EXPORTER: 'console' }, true],
    [{ OTEL_TRACES_EXPORTER: 'console', OTEL_SDK_DISABLED: 'TRUE' }, false],
  ])('%j: %s', (env, wanted) => {
    expect(isTelemetryWanted(env)).toBe(wanted);
  });
});

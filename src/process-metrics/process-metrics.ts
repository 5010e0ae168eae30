import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Numbers about this process in the Prometheus format. None has a tenant as a label. */
@Injectable()
export class ProcessMetrics {
  /** Its own registry: several applications can live in one process (tests do). */
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** @param route the pattern, not the path: a label per id would grow without end */
  observeRequest(request: { method: string; route: string; status: number }, seconds: number): void {
    this.requests.observe(request, seconds);
  }
}

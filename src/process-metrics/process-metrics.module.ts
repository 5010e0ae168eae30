import { type DynamicModule, Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { MetricsServer } from './metrics.server.js';
import { ProcessMetrics } from './process-metrics.js';

/** Global: whatever has numbers about itself registers them with `ProcessMetrics`. */
@Module({})
export class ProcessMetricsModule {
  /** @param port where `/metrics` is served instead of beside the API; null for beside */
  static forRoot(host: string, port: number | null): DynamicModule {
    return {
      module: ProcessMetricsModule,
      global: true,
      controllers: port === null ? [MetricsController] : [],
      providers: [
        ProcessMetrics,
        ...(port === null
          ? []
          : [
              {
                provide: MetricsServer,
                useFactory: (metrics: ProcessMetrics) => new MetricsServer(metrics, host, port),
                inject: [ProcessMetrics],
              },
            ]),
      ],
      exports: [ProcessMetrics],
    };
  }
}

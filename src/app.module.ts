import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { LoggingModule } from './common/logging/logging.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import type { OpenDatabase } from './database/open-database.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { MetricsController } from './process-metrics/metrics.controller.js';
import { ProcessMetrics } from './process-metrics/process-metrics.js';
import { RoleMiningModule } from './role-mining/role-mining.module.js';

/**
 * The composition root. API and worker are the same modules: a process with one role only leaves out the controllers or
 * the consumer of the queue (PROCESS_ROLE).
 */
@Module({
  controllers: [HealthController, MetricsController],
  providers: [Readiness, ProcessMetrics],
})
export class AppModule {
  static forRoot(config: Config, database: OpenDatabase): DynamicModule {
    const serveApi = config.processRole !== 'worker';
    const runWorker = config.processRole !== 'api';
    return {
      module: AppModule,
      imports: [
        LoggingModule.forRoot(config.logLevel),
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot(database),
        AuthModule,
        IdempotencyModule,
        RoleMiningModule.forRoot({ serveApi, runWorker }),
      ],
    };
  }
}

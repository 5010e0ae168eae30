import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { LoggingModule } from './common/logging/logging.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import type { OpenDatabase } from './database/open-database.js';
import { PoolMetrics } from './database/pool-metrics.js';
import { DomainEventsModule } from './domain-events/domain-events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { ProcessMetricsModule } from './process-metrics/process-metrics.module.js';
import { QueueModule } from './queue/queue.module.js';

/**
 * What an application needs beside its features, and what `createHttpApplication` expects in it: configuration, logs,
 * database, callers, audit trail, exports, idempotency, domain events, queue, metrics. This service stands on it, and so
 * does a governance application that mounts `RoleMiningModule` beside modules of its own.
 */
@Module({})
export class FoundationModule {
  static forRoot(config: Config, database: OpenDatabase): DynamicModule {
    return {
      module: FoundationModule,
      providers: [PoolMetrics],
      imports: [
        LoggingModule.forRoot(config.logLevel),
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot(database),
        AuthModule,
        AuditModule.forRoot({ serveApi: config.processRole !== 'worker' }),
        ExportsModule,
        IdempotencyModule,
        DomainEventsModule,
        QueueModule,
        ProcessMetricsModule.forRoot(config.http.host, config.metrics.port),
      ],
    };
  }
}

import { type DynamicModule, Module } from '@nestjs/common';
import { AccessGraphModule } from './access-graph/access-graph.module.js';
import type { Config } from './config/config.js';
import type { OpenDatabase } from './database/open-database.js';
import { FoundationModule } from './foundation.module.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { RoleMiningModule } from './role-mining/role-mining.module.js';
import { SodRules } from './role-mining/sod/sod-rules.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/**
 * The composition root. API and worker are the same modules: a process with one role only leaves out the controllers or
 * the consumer of the queue (PROCESS_ROLE).
 */
@Module({ controllers: [HealthController], providers: [Readiness] })
export class AppModule {
  static forRoot(config: Config, database: OpenDatabase): DynamicModule {
    const serveApi = config.processRole !== 'worker';
    const runWorker = config.processRole !== 'api';
    return {
      module: AppModule,
      imports: [
        FoundationModule.forRoot(config, database),
        AccessGraphModule.forRoot({ serveApi, accessRules: new SodRules() }),
        RoleMiningModule.forRoot({ serveApi, runWorker }),
        WebhooksModule.forRoot({ serveApi, runWorker }),
      ],
    };
  }
}

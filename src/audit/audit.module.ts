import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditEventsService } from './audit-events.service.js';
import { AuditTrail } from './audit-trail.js';
import { PostgresAuditTrail } from './postgres-audit-trail.js';
import { RefusedAttempts } from './refused-attempts.js';

/** The audit trail: every module writes to it, administrators read it. */
@Global()
@Module({
  providers: [{ provide: AuditTrail, useClass: PostgresAuditTrail }, RefusedAttempts, AuditEventsService],
  exports: [AuditTrail, RefusedAttempts],
})
export class AuditModule {
  /** @param parts.serveApi false leaves out the routes: for a worker */
  static forRoot({ serveApi }: { serveApi: boolean }): DynamicModule {
    return { module: AuditModule, controllers: serveApi ? [AuditEventsController] : [] };
  }
}

import { Global, Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { PostgresAuditTrail } from './postgres-audit-trail.js';
import { RefusedAttempts } from './refused-attempts.js';

/** The audit trail, for every module to write to. */
@Global()
@Module({
  providers: [{ provide: AuditTrail, useClass: PostgresAuditTrail }, RefusedAttempts],
  exports: [AuditTrail, RefusedAttempts],
})
export class AuditModule {}

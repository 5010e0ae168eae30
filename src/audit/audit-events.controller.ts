import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../auth/actor.js';
import { AdminOnly } from '../auth/admin-only.decorator.js';
import { mapSource } from '../common/paging/list-source.js';
import { pageOf } from '../common/paging/page.dto.js';
import { ApiExportable } from '../exports/api-exportable.decorator.js';
import { type ExportRequest, RequestedExport } from '../exports/export-request.js';
import { Exports } from '../exports/exports.js';
import { AUDIT_EVENT_CSV } from './audit-event.csv.js';
import { auditEventToDto, verificationToDto } from './audit-event.mapper.js';
import { AuditEventsService } from './audit-events.service.js';
import { AuditEventDto, AuditEventPageDto } from './dto/audit-event.dto.js';
import { AuditVerificationDto } from './dto/audit-verification.dto.js';
import { ListAuditEventsQuery } from './dto/list-audit-events.query.js';

@AdminOnly()
@ApiTags('Audit trail')
@Controller('governance/role-mining/audit-events')
export class AuditEventsController {
  constructor(
    private readonly events: AuditEventsService,
    private readonly exports: Exports,
  ) {}

  /**
   * Lists what was done in the tenant and what was refused, newest first. Pages by `offset` as every list; to read a long
   * trail, follow `next_before`.
   */
  @Get()
  @ApiExportable(AuditEventPageDto, AuditEventDto)
  async list(
    @CurrentActor() actor: Actor,
    @Query() query: ListAuditEventsQuery,
    @RequestedExport() request: ExportRequest | null,
  ): Promise<AuditEventPageDto | StreamableFile> {
    const filter = {
      action: query.action,
      objectType: query.object_type,
      objectId: query.object_id,
      actorId: query.actor_id,
      outcome: query.outcome,
      since: query.since,
      until: query.until,
    };
    const before = query.before ?? null;
    if (request !== null) {
      const source = mapSource(this.events.allEvents(actor.tenantId, filter, before), (items) =>
        items.map(auditEventToDto),
      );
      const of = { action: 'audit_trail.export', objectId: null, query } as const;
      return this.exports.open(actor, request, { list: 'audit-events', ...of, source, csv: AUDIT_EVENT_CSV });
    }
    const { items, total, hasMore } = await this.events.listEvents(actor.tenantId, filter, query, before);
    const page = pageOf(items.map(auditEventToDto), total, query);
    return { ...page, next_before: hasMore ? items[items.length - 1].sequence : null };
  }

  /** Checks that no event of the trail is missing or was changed. Reads the whole trail of the tenant. */
  @Get('verification')
  async verify(@CurrentActor() actor: Actor): Promise<AuditVerificationDto> {
    return verificationToDto(await this.events.verify(actor.tenantId));
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../auth/actor.js';
import { AdminOnly } from '../auth/admin-only.decorator.js';
import { pageOf } from '../common/paging/page.dto.js';
import { auditEventToDto, verificationToDto } from './audit-event.mapper.js';
import { AuditEventsService } from './audit-events.service.js';
import { AuditEventPageDto } from './dto/audit-event.dto.js';
import { AuditVerificationDto } from './dto/audit-verification.dto.js';
import { ListAuditEventsQuery } from './dto/list-audit-events.query.js';

@AdminOnly()
@ApiTags('Audit trail')
@Controller('governance/role-mining/audit-events')
export class AuditEventsController {
  constructor(private readonly events: AuditEventsService) {}

  /**
   * Lists what was done in the tenant and what was refused, newest first. Pages by `offset` as every list; to read a long
   * trail, follow `next_before`.
   */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: ListAuditEventsQuery): Promise<AuditEventPageDto> {
    const filter = {
      action: query.action,
      objectType: query.object_type,
      objectId: query.object_id,
      actorId: query.actor_id,
      outcome: query.outcome,
      since: query.since,
      until: query.until,
    };
    const { items, total, hasMore } = await this.events.listEvents(actor.tenantId, filter, query, query.before ?? null);
    const page = pageOf(items.map(auditEventToDto), total, query);
    return { ...page, next_before: hasMore ? items[items.length - 1].sequence : null };
  }

  /** Checks that no event of the trail is missing or was changed. Reads the whole trail of the tenant. */
  @Get('verification')
  async verify(@CurrentActor() actor: Actor): Promise<AuditVerificationDto> {
    return verificationToDto(await this.events.verify(actor.tenantId));
  }
}

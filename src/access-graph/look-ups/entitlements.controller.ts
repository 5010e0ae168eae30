import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { EntitlementDto } from './dto/entitlement.dto.js';
import { EntitlementLookUpQuery } from './dto/look-up.query.js';
import { EntitlementsService } from './entitlements.service.js';

@AdminOnly()
@ApiTags('Access graph: look-ups')
@Controller('governance/access-graph/entitlements')
export class EntitlementsController {
  constructor(private readonly entitlements: EntitlementsService) {}

  /** Lists entitlements by name. */
  @Get()
  @ApiOkResponse({ type: PageDto(EntitlementDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: EntitlementLookUpQuery): Promise<Page<EntitlementDto>> {
    const { items, total } = await this.entitlements.listEntitlements(actor.tenantId, query);
    return pageOf(items, total, query);
  }

  /** Reads one entitlement. */
  @Get(':entitlement_id')
  @ApiProblem(404, 'There is no such entitlement in the tenant.')
  get(@CurrentActor() actor: Actor, @UuidParam('entitlement_id') entitlementId: string): Promise<EntitlementDto> {
    return this.entitlements.getEntitlement(actor.tenantId, entitlementId);
  }
}

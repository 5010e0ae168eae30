import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import type { StoredRole } from '../stores/role.store.js';
import { LookUpQuery } from './dto/look-up.query.js';
import { RoleDto } from './dto/role.dto.js';
import { RolesService } from './roles.service.js';

@AdminOnly()
@ApiTags('Access graph: look-ups')
@Controller('governance/access-graph/roles')
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  /** Lists roles by name. */
  @Get()
  @ApiOkResponse({ type: PageDto(RoleDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: LookUpQuery): Promise<Page<RoleDto>> {
    const { items, total } = await this.roles.listRoles(actor.tenantId, query);
    return pageOf(items.map(roleToDto), total, query);
  }

  /** Reads one role. */
  @Get(':role_id')
  @ApiProblem(404, 'There is no such role in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('role_id') roleId: string): Promise<RoleDto> {
    return roleToDto(await this.roles.getRole(actor.tenantId, roleId));
  }
}

function roleToDto(role: StoredRole): RoleDto {
  return {
    id: role.id,
    external_id: role.externalId,
    name: role.name,
    description: role.description,
    entitlement_ids: role.entitlementIds,
    junior_role_ids: [...(role.juniorIds ?? [])],
    member_count: role.memberCount,
    source: role.source,
  };
}

import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { AccessUserDto, UserAccessDto } from './dto/access-user.dto.js';
import { LookUpQuery } from './dto/look-up.query.js';
import { UsersService, type UserView } from './users.service.js';

@AdminOnly()
@ApiTags('Access graph: look-ups')
@Controller('governance/access-graph/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Lists users by external id. */
  @Get()
  @ApiOkResponse({ type: PageDto(AccessUserDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: LookUpQuery): Promise<Page<AccessUserDto>> {
    const { items, total } = await this.users.listUsers(actor.tenantId, query);
    return pageOf(items.map(userToDto), total, query);
  }

  /** Reads one user. */
  @Get(':user_id')
  @ApiProblem(404, 'There is no such user in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('user_id') userId: string): Promise<AccessUserDto> {
    return userToDto(await this.users.getUser(actor.tenantId, userId));
  }

  /** Lists all that a user holds, directly or by roles, by name of the entitlement. */
  @Get(':user_id/access')
  @ApiProblem(404, 'There is no such user in the tenant.')
  async access(@CurrentActor() actor: Actor, @UuidParam('user_id') userId: string): Promise<UserAccessDto> {
    const held = await this.users.getAccess(actor.tenantId, userId);
    const items = held.map(({ last_used_at, ...rest }) => ({
      ...rest,
      last_used_at: last_used_at?.toISOString() ?? null,
    }));
    return { items, total: items.length };
  }
}

function userToDto({ attributes, ...user }: UserView): AccessUserDto {
  const copied = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : [...value],
  ]);
  return { ...user, attributes: Object.fromEntries(copied) as AccessUserDto['attributes'] };
}

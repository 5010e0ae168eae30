import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { PageQuery } from '../../common/paging/page.query.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { CreateSodRuleDto } from './dto/create-sod-rule.dto.js';
import { SodRuleDto } from './dto/sod-rule.dto.js';
import { newSodRuleFromDto, sodRuleToDto } from './sod-rule.mapper.js';
import { SodRulesService } from './sod-rules.service.js';

@AdminOnly()
@ApiTags('Separation of duties')
@Controller('governance/role-mining/sod-rules')
export class SodRulesController {
  constructor(private readonly rules: SodRulesService) {}

  /** Lists the tenant's rules of separation of duties by name. */
  @Get()
  @ApiOkResponse({ type: PageDto(SodRuleDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<SodRuleDto>> {
    const { items, total } = await this.rules.listRules(actor.tenantId, query);
    return pageOf(items.map(sodRuleToDto), total, query);
  }

  /** Reads one rule of separation of duties. */
  @Get(':rule_id')
  @ApiProblem(404, 'There is no such rule in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('rule_id') ruleId: string): Promise<SodRuleDto> {
    return sodRuleToDto(await this.rules.getRule(actor.tenantId, ruleId));
  }

  /**
   * Creates a rule of separation of duties: nobody may hold an entitlement of either side. Decisions that would grant such
   * access are refused from now on, unless they give a reason; imports are not refused, they report what breaks rules.
   */
  @Post()
  @Audited('sod_rule.create')
  @ApiProblem(409, 'There is a rule of that name.')
  async create(@CurrentActor() actor: Actor, @Body() body: CreateSodRuleDto): Promise<SodRuleDto> {
    return sodRuleToDto(await this.rules.createRule(actor, newSodRuleFromDto(body)));
  }

  /** Deletes a rule of separation of duties. */
  @Delete(':rule_id')
  @HttpCode(204)
  @Audited('sod_rule.delete', 'rule_id')
  @ApiProblem(404, 'There is no such rule in the tenant.')
  async delete(@CurrentActor() actor: Actor, @UuidParam('rule_id') ruleId: string): Promise<void> {
    await this.rules.deleteRule(actor, ruleId);
  }
}

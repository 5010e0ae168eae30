import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { CalculateMetricsDto } from './dto/calculate-metrics.dto.js';
import { ListMetricsQuery } from './dto/list-metrics.query.js';
import { MetricsCalculationDto, RoleMetricDto } from './dto/role-metric.dto.js';
import { MetricsService } from './metrics.service.js';
import { metricToDto } from './role-metric.mapper.js';

@AdminOnly()
@ApiTags('Role metrics')
@ApiExtraModels(RoleMetricDto)
@Controller('governance/role-mining/metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  /** Lists the latest metrics of each role, the least used role first. */
  @Get()
  @ApiOkResponse({ type: PageDto(RoleMetricDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: ListMetricsQuery): Promise<Page<RoleMetricDto>> {
    const filter = {
      trendDirection: query.trend_direction,
      minUtilization: query.min_utilization,
      maxUtilization: query.max_utilization,
    };
    const { items, total } = await this.metrics.listMetrics(actor, filter, query);
    return pageOf(items.map(metricToDto), total, query);
  }

  /** Reads the latest metrics of one role. */
  @Get(':role_id')
  @ApiProblem(404, 'There is no such role in the tenant, or nothing was calculated for it yet.')
  async get(@CurrentActor() actor: Actor, @UuidParam('role_id') roleId: string): Promise<RoleMetricDto> {
    return metricToDto(await this.metrics.getMetric(actor, roleId));
  }

  /** Calculates the metrics of all roles of the tenant, or of some, and keeps the earlier ones for the trend. */
  @Post('calculate')
  @HttpCode(200)
  @Audited('metrics.calculate')
  async calculate(@CurrentActor() actor: Actor, @Body() body: CalculateMetricsDto): Promise<MetricsCalculationDto> {
    const { rolesCalculated, calculatedAt } = await this.metrics.calculateMetrics(actor, body.role_ids ?? null);
    return { roles_calculated: rolesCalculated, calculated_at: calculatedAt.toISOString() };
  }
}

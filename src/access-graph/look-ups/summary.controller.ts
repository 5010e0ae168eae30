import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { AccessGraphSummaryDto } from './dto/summary.dto.js';
import { SummaryService } from './summary.service.js';

@AdminOnly()
@ApiTags('Access graph: look-ups')
@Controller('governance/access-graph/summary')
export class SummaryController {
  constructor(private readonly summaries: SummaryService) {}

  /** Says how much there is, and which attributes users have. */
  @Get()
  async get(@CurrentActor() actor: Actor): Promise<AccessGraphSummaryDto> {
    const summary = await this.summaries.summarise(actor.tenantId);
    return { ...summary, last_import_at: summary.last_import_at?.toISOString() ?? null };
  }
}

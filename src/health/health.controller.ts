import { Controller, Get, HttpCode } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../common/errors/problem-responses.decorator.js';
import { DomainError } from '../common/errors/domain.error.js';
import { HealthDto } from './health.dto.js';
import { Readiness } from './readiness.js';

/** Open to everybody, for probes. */
@ApiTags('Operations')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Whether the process is alive. */
  @Get('live')
  @HttpCode(200)
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** Whether the process can serve: its database answers with the right schema, and its queue runs. */
  @Get('ready')
  @HttpCode(200)
  @ApiProblem(503, 'Not ready; the problem document says why.')
  async ready(): Promise<HealthDto> {
    const reason = await this.readiness.reasonNotReady();
    if (reason !== null) throw new DomainError('unavailable', reason);
    return { status: 'ok' };
  }
}

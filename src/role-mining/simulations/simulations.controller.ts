import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { ApplySimulationDto } from './dto/apply-simulation.dto.js';
import { CreateSimulationDto, SIMULATION_EXAMPLES } from './dto/create-simulation.dto.js';
import { ListSimulationsQuery } from './dto/list-simulations.query.js';
import { SimulationDto } from './dto/simulation.dto.js';
import { newSimulationFromDto, simulationToDto } from './simulation.mapper.js';
import { SimulationsService } from './simulations.service.js';

@AdminOnly()
@ApiTags('Simulations')
@ApiExtraModels(SimulationDto)
@Controller('governance/role-mining/simulations')
export class SimulationsController {
  constructor(private readonly simulations: SimulationsService) {}

  /** Lists the tenant's simulations, newest first. */
  @Get()
  @ApiOkResponse({ type: PageDto(SimulationDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: ListSimulationsQuery): Promise<Page<SimulationDto>> {
    const filter = { status: query.status, scenarioType: query.scenario_type };
    const { items, total } = await this.simulations.listSimulations(actor, filter, query);
    return pageOf(items.map(simulationToDto), total, query);
  }

  /** Creates a simulation of a change; it waits as `draft` until it is executed. */
  @Post()
  @Audited('simulation.create')
  @ApiBody({ type: CreateSimulationDto, examples: SIMULATION_EXAMPLES })
  async create(@CurrentActor() actor: Actor, @Body() body: CreateSimulationDto): Promise<SimulationDto> {
    return simulationToDto(await this.simulations.createSimulation(actor, newSimulationFromDto(body)));
  }

  /** Reads one simulation. */
  @Get(':simulation_id')
  @ApiProblem(404, 'There is no such simulation in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('simulation_id') simulationId: string): Promise<SimulationDto> {
    return simulationToDto(await this.simulations.getSimulation(actor, simulationId));
  }

  /**
   * Finds out what the change would do to the effective access of every user. Effective access is what users hold
   * directly or by a role; the change itself is not made.
   */
  @Post(':simulation_id/execute')
  @HttpCode(200)
  @Audited('simulation.execute', 'simulation_id')
  @ApiProblem(404, 'There is no such simulation in the tenant.')
  @ApiProblem(409, 'The simulation is no draft, or names what has gone meanwhile.')
  async execute(
    @CurrentActor() actor: Actor,
    @UuidParam('simulation_id') simulationId: string,
  ): Promise<SimulationDto> {
    return simulationToDto(await this.simulations.executeSimulation(actor, simulationId));
  }

  /** Makes the change, all of it or nothing, if its impact is still the one that was shown at execute. */
  @Post(':simulation_id/apply')
  @HttpCode(200)
  @Audited('simulation.apply', 'simulation_id')
  @ApiProblem(404, 'There is no such simulation in the tenant.')
  @ApiProblem(
    409,
    'The simulation is not executed; its impact has changed since; it names what has gone; the name of its role is ' +
      'taken; or it violates separation of duties (`sod_violations`) and no `override_reason` was sent.',
  )
  async apply(
    @CurrentActor() actor: Actor,
    @UuidParam('simulation_id') simulationId: string,
    @Body() body: ApplySimulationDto,
  ): Promise<SimulationDto> {
    const reason = body.override_reason ?? null;
    return simulationToDto(await this.simulations.applySimulation(actor, simulationId, reason));
  }

  /**
   * Cancels a draft or executed simulation, which stays readable as `cancelled`; removes a cancelled one. A retry of a
   * cancellation would remove: send an Idempotency-Key, or do not retry.
   */
  @Delete(':simulation_id')
  @HttpCode(204)
  @Audited('simulation.cancel', 'simulation_id')
  @ApiProblem(404, 'There is no such simulation in the tenant.')
  @ApiProblem(409, 'The simulation is applied, or has just been changed by another call.')
  async cancelOrDelete(@CurrentActor() actor: Actor, @UuidParam('simulation_id') simulationId: string): Promise<void> {
    await this.simulations.cancelOrDeleteSimulation(actor, simulationId);
  }
}

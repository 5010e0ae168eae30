import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { CandidateSimulationsService } from './candidate-simulations.service.js';
import { SimulateCandidateDto } from './dto/simulate-candidate.dto.js';
import { SimulationDto } from './dto/simulation.dto.js';
import { simulationToDto } from './simulation.mapper.js';

@AdminOnly()
@ApiTags('Simulations')
@Controller('governance/role-mining/candidates')
export class CandidateSimulationsController {
  constructor(private readonly simulations: CandidateSimulationsService) {}

  /** Creates the simulation of a promotion: a draft that adds the candidate's role, with all its members. */
  @Post(':candidate_id/simulate')
  @Audited('candidate.simulate', 'candidate_id')
  @ApiProblem(404, 'There is no such candidate in the tenant.')
  @ApiProblem(409, 'The candidate is decided, or a member or an entitlement of it has gone since it was mined.')
  async simulate(
    @CurrentActor() actor: Actor,
    @UuidParam('candidate_id') candidateId: string,
    @Body() body: SimulateCandidateDto,
  ): Promise<SimulationDto> {
    const given = { name: body.name, roleName: body.role_name, description: body.description };
    return simulationToDto(await this.simulations.simulateCandidate(actor, candidateId, given));
  }
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ConflictError } from '../../common/errors/domain.error.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { RoleCandidate } from '../candidates/candidate.entity.js';
import { CandidatesStore } from '../candidates/candidates.store.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { faultsOfReferences } from './scenario-references.js';
import { type SimulationView, SimulationsService } from './simulations.service.js';
import type { NewSimulation } from './simulations.store.js';

/** What is left out comes from the candidate. */
export interface CandidateSimulation {
  readonly name?: string | null;
  readonly roleName?: string | null;
  readonly description?: string | null;
}

const NAME_CHARACTERS = 255;

/** Makes simulations of promotions: the role of a candidate is added, with all its members. */
@Injectable()
export class CandidateSimulationsService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly results: MiningResultsReader,
    private readonly candidates: CandidatesStore,
    private readonly simulations: SimulationsService,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * @throws NotFoundError
   * @throws ConflictError when the candidate is decided, or a member or an entitlement of it has gone since it was mined
   */
  async simulateCandidate(actor: JobActor, candidateId: string, given: CandidateSimulation): Promise<SimulationView> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const candidate = await this.results.get(actor, candidateId, RoleCandidate, 'role candidate');
      if (candidate.promotionStatus !== 'pending') {
        throw new ConflictError(`The candidate is ${candidate.promotionStatus}, only a pending one can be simulated`);
      }
      const all = { offset: 0, limit: candidate.memberCount };
      const members = await this.candidates.membersOf(manager, actor.tenantId, [candidateId], all);
      const simulation = simulationOf(candidate, members.get(candidateId) ?? [], given);
      const missing = await faultsOfReferences(manager, actor.tenantId, simulation);
      if (missing.length > 0) {
        const gone = missing.map(({ message }) => message.replace(/^changes\./, '')).join('; ');
        throw new ConflictError(`The access graph has changed since the candidate was mined: ${gone}`);
      }
      const view = await this.simulations.createSimulation(actor, simulation);
      await this.trail.record(manager, actor, {
        action: 'candidate.simulate',
        objectType: 'candidate',
        objectId: candidateId,
        after: { simulation_id: view.simulation.id },
      });
      return view;
    });
  }
}

function simulationOf(candidate: RoleCandidate, userIds: string[], given: CandidateSimulation): NewSimulation {
  const roleName = given.roleName ?? firstCharacters(candidate.proposedName);
  return {
    name: given.name ?? firstCharacters(`Promotion of ${roleName}`),
    scenarioType: 'add_role',
    targetRoleId: null,
    changes: {
      changeType: null,
      roleId: null,
      entitlementId: null,
      entitlementIds: candidate.entitlementIds,
      roleName,
      roleDescription: given.description ?? null,
    },
    userIds,
  };
}

function firstCharacters(text: string): string {
  return [...text].slice(0, NAME_CHARACTERS).join('');
}

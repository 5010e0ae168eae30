import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { CandidatesService, type JobActor, JobsService, type MiningJob, terminalStatuses } from '../../src/index.js';
import { StaffDirectory } from './staff-directory.js';

export interface RoleProposal {
  readonly candidateId: string;
  readonly role: string;
  readonly confidence: number;
  readonly grants: string[];
  readonly memberCount: number;
}

const LOOK_INTERVAL_MS = 200;

/** What the other team makes of it: roles for a tenant, on their own occasion, in the words of their own directory. */
@Injectable()
export class RoleProposals {
  constructor(
    private readonly jobs: JobsService,
    private readonly candidates: CandidatesService,
    private readonly directory: StaffDirectory,
  ) {}

  /** @throws Error when the mining job fails or is cancelled */
  async propose(actor: JobActor): Promise<RoleProposal[]> {
    const { job } = await this.jobs.createJob(actor, {
      name: 'Role proposals of the staff directory',
      parameters: { peerGroupAttribute: 'department' },
    });
    await this.jobs.runJob(actor, job.id);
    const ended = await this.untilEnded(actor, job.id);
    if (ended.status !== 'completed') throw new Error(`Job ${job.id}: ${ended.errorMessage ?? ended.status}`);

    const nameOf = new Map((await this.directory.grants(actor.tenantId)).map(({ id, name }) => [id, name]));
    const { items } = await this.candidates.listCandidates(actor, job.id, {}, { limit: 100, offset: 0 });
    return items.map(({ candidate }) => ({
      candidateId: candidate.id,
      role: candidate.proposedName,
      confidence: candidate.confidenceScore,
      grants: candidate.entitlementIds.map((id) => nameOf.get(id) ?? id).sort(),
      memberCount: candidate.memberCount,
    }));
  }

  private async untilEnded(actor: JobActor, id: string): Promise<MiningJob> {
    for (;;) {
      const { job } = await this.jobs.getJob(actor, id);
      if (terminalStatuses().includes(job.status)) return job;
      await delay(LOOK_INTERVAL_MS);
    }
  }
}

import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../../common/paging/page.query.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader } from '../jobs/mining-results.reader.js';
import { ExcessivePrivilege, type PrivilegeStatus } from './excessive-privilege.entity.js';

/** Reads excessive privileges (contract: results, "Excessive privileges"). */
@Injectable()
export class ExcessivePrivilegesService {
  constructor(private readonly results: MiningResultsReader) {}

  /** Largest deviation first. @throws NotFoundError when there is no such job */
  async listFlags(
    actor: JobActor,
    jobId: string,
    filter: { status?: PrivilegeStatus; userId?: string },
    page: PageQuery,
  ): Promise<{ items: ExcessivePrivilege[]; total: number }> {
    const where = { ...(filter.status && { status: filter.status }), ...(filter.userId && { userId: filter.userId }) };
    return this.results.listOfJob(actor, jobId, ExcessivePrivilege, where, { deviationPercent: 'DESC' }, page);
  }

  /** @throws NotFoundError */
  async getFlag(actor: JobActor, id: string): Promise<ExcessivePrivilege> {
    return this.results.get(actor, id, ExcessivePrivilege, 'excessive privilege');
  }
}

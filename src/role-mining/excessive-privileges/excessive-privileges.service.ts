import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { ListSource } from '../../common/paging/list-source.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { type Decidable, decideResult } from '../jobs/decide-result.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { MiningResultsReader, type ResultList } from '../jobs/mining-results.reader.js';
import { ExcessivePrivilege } from './excessive-privilege.entity.js';
import {
  PRIVILEGE_TRANSITIONS,
  type PrivilegeStatus,
  type ReviewAction,
  STATUS_OF_REVIEW,
} from './privilege-status.js';

export interface FlagFilter {
  readonly status?: PrivilegeStatus;
  readonly userId?: string;
}

const LIST: ResultList<ExcessivePrivilege> = {
  entity: ExcessivePrivilege,
  order: { deviationPercent: 'DESC' },
  countOf: (job) => job.excessivePrivilegeCount,
};

const FLAG: Decidable<ExcessivePrivilege, PrivilegeStatus> = {
  entity: ExcessivePrivilege,
  what: 'excessive privilege',
  stateField: 'status',
  transitions: PRIVILEGE_TRANSITIONS,
};

/** Excessive privileges and their review (contract: results, "Excessive privileges"). */
@Injectable()
export class ExcessivePrivilegesService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly results: MiningResultsReader,
    private readonly trail: AuditTrail,
  ) {}

  /** Largest deviation first. @throws NotFoundError when there is no such job */
  async listFlags(
    actor: JobActor,
    jobId: string,
    filter: FlagFilter,
    page: PageQuery,
  ): Promise<{ items: ExcessivePrivilege[]; total: number }> {
    return this.results.listOfJob(actor, jobId, LIST, matching(filter), page);
  }

  /** The same without an end. */
  allFlags(actor: JobActor, jobId: string, filter: FlagFilter): ListSource<ExcessivePrivilege> {
    return this.results.allOfJob(actor, jobId, LIST, matching(filter));
  }

  /** @throws NotFoundError */
  async getFlag(actor: JobActor, id: string): Promise<ExcessivePrivilege> {
    return this.results.get(actor, id, ExcessivePrivilege, 'excessive privilege');
  }

  /**
   * Records the decision about a pending flag; what the user holds stays as it is, also when it is to be remediated.
   *
   * @throws NotFoundError
   * @throws ConflictError when it is not pending
   */
  async review(
    actor: JobActor,
    id: string,
    { action, notes }: { action: ReviewAction; notes: string | null },
  ): Promise<ExcessivePrivilege> {
    const status = STATUS_OF_REVIEW[action];
    return this.transaction.run(actor.tenantId, async (manager) => {
      const flag = await decideResult(manager, FLAG, { tenantId: actor.tenantId, id }, status, {
        notes,
        reviewedBy: actor.userId,
        reviewedAt: () => 'now()',
      });
      await this.trail.record(manager, actor, {
        action: 'excessive_privilege.review',
        objectType: 'excessive_privilege',
        objectId: id,
        before: { status: 'pending' },
        after: { status, user_id: flag.userId, excess_entitlements: flag.excessEntitlements },
        reason: notes,
      });
      return flag;
    });
  }
}

function matching({ status, userId }: FlagFilter): FindOptionsWhere<ExcessivePrivilege> {
  return { ...(status && { status }), ...(userId && { userId }) };
}

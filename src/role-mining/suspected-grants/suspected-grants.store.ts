import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { INSERT_COLUMNS } from '../../database/insert-columns.js';
import { insertRows } from '../../database/insert-rows.js';
import type { JobReference } from '../jobs/job-reference.js';
import type { SuspectedGrant } from './suspected-grant.entity.js';

export type NewSuspectedGrant = Pick<SuspectedGrant, 'kind' | 'userId' | 'entitlementId' | 'score'>;

const { double, text, uuid } = INSERT_COLUMNS;

/** How suspected grants are written. */
@Injectable()
export class SuspectedGrantsStore {
  async insert(manager: EntityManager, job: JobReference, grants: Iterable<NewSuspectedGrant>): Promise<void> {
    await insertRows(
      manager,
      'role_mining_suspected_grant',
      {
        tenant_id: uuid,
        job_id: uuid,
        kind: text,
        user_id: uuid,
        entitlement_id: uuid,
        score: double,
      },
      grants,
      (grant) => ({
        tenant_id: job.tenantId,
        job_id: job.jobId,
        kind: grant.kind,
        user_id: grant.userId,
        entitlement_id: grant.entitlementId,
        score: grant.score,
      }),
    );
  }
}

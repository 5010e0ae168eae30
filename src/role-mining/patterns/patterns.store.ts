import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { INSERT_COLUMNS } from '../../database/insert-columns.js';
import { insertRows } from '../../database/insert-rows.js';
import type { JobReference } from '../jobs/job-reference.js';
import type { AccessPattern } from './pattern.entity.js';

export type NewAccessPattern = Pick<AccessPattern, 'entitlementIds' | 'frequency' | 'exactUserCount' | 'sampleUserIds'>;

const { integer, uuid, uuidList } = INSERT_COLUMNS;

/** How patterns are written. */
@Injectable()
export class PatternsStore {
  async insert(manager: EntityManager, job: JobReference, patterns: Iterable<NewAccessPattern>): Promise<void> {
    await insertRows(
      manager,
      'role_mining_pattern',
      {
        tenant_id: uuid,
        job_id: uuid,
        entitlement_ids: uuidList,
        frequency: integer,
        exact_user_count: integer,
        sample_user_ids: uuidList,
      },
      patterns,
      (pattern) => ({
        tenant_id: job.tenantId,
        job_id: job.jobId,
        entitlement_ids: pattern.entitlementIds,
        frequency: pattern.frequency,
        exact_user_count: pattern.exactUserCount,
        sample_user_ids: pattern.sampleUserIds,
      }),
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertRows } from '../../database/insert-rows.js';
import type { JobReference } from '../jobs/job-reference.js';
import type { ExcessivePrivilege } from './excessive-privilege.entity.js';

export type NewExcessivePrivilege = Pick<
  ExcessivePrivilege,
  | 'userId'
  | 'peerGroupId'
  | 'peerGroupValue'
  | 'deviationPercent'
  | 'excessEntitlements'
  | 'peerAverage'
  | 'peerMedian'
  | 'peerPercentile'
  | 'userCount'
>;

/** How excessive privileges are written. */
@Injectable()
export class ExcessivePrivilegesStore {
  async insert(manager: EntityManager, job: JobReference, flags: readonly NewExcessivePrivilege[]): Promise<void> {
    await insertRows(
      manager,
      'role_mining_excessive_privilege',
      {
        tenant_id: 'uuid',
        job_id: 'uuid',
        user_id: 'uuid',
        peer_group_id: 'uuid',
        peer_group_value: 'text',
        deviation_percent: 'double precision',
        excess_entitlements: 'uuid[]',
        peer_average: 'double precision',
        peer_median: 'double precision',
        peer_percentile: 'double precision',
        user_count: 'integer',
      },
      flags.map((flag) => ({
        tenant_id: job.tenantId,
        job_id: job.jobId,
        user_id: flag.userId,
        peer_group_id: flag.peerGroupId,
        peer_group_value: flag.peerGroupValue,
        deviation_percent: flag.deviationPercent,
        excess_entitlements: flag.excessEntitlements,
        peer_average: flag.peerAverage,
        peer_median: flag.peerMedian,
        peer_percentile: flag.peerPercentile,
        user_count: flag.userCount,
      })),
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { INSERT_COLUMNS } from '../../database/insert-columns.js';
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

const { double, integer, textOrNull, uuid, uuidList, uuidOrNull } = INSERT_COLUMNS;

/** How excessive privileges are written. */
@Injectable()
export class ExcessivePrivilegesStore {
  async insert(manager: EntityManager, job: JobReference, flags: Iterable<NewExcessivePrivilege>): Promise<void> {
    await insertRows(
      manager,
      'role_mining_excessive_privilege',
      {
        tenant_id: uuid,
        job_id: uuid,
        user_id: uuid,
        peer_group_id: uuidOrNull,
        peer_group_value: textOrNull,
        deviation_percent: double,
        excess_entitlements: uuidList,
        peer_average: double,
        peer_median: double,
        peer_percentile: double,
        user_count: integer,
      },
      flags,
      (flag) => ({
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
      }),
    );
  }
}

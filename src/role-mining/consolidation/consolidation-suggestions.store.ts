import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { INSERT_COLUMNS } from '../../database/insert-columns.js';
import { insertRows } from '../../database/insert-rows.js';
import type { JobReference } from '../jobs/job-reference.js';
import type { ConsolidationSuggestion } from './consolidation-suggestion.entity.js';

export type NewConsolidationSuggestion = Pick<
  ConsolidationSuggestion,
  | 'roleAId'
  | 'roleBId'
  | 'overlapPercent'
  | 'containmentPercent'
  | 'memberOverlapPercent'
  | 'sharedEntitlements'
  | 'uniqueToA'
  | 'uniqueToB'
>;

const { double, uuid, uuidList } = INSERT_COLUMNS;

/** How consolidation suggestions are written. */
@Injectable()
export class ConsolidationSuggestionsStore {
  async insert(
    manager: EntityManager,
    job: JobReference,
    suggestions: Iterable<NewConsolidationSuggestion>,
  ): Promise<void> {
    await insertRows(
      manager,
      'role_mining_consolidation_suggestion',
      {
        tenant_id: uuid,
        job_id: uuid,
        role_a_id: uuid,
        role_b_id: uuid,
        overlap_percent: double,
        containment_percent: double,
        member_overlap_percent: double,
        shared_entitlements: uuidList,
        unique_to_a: uuidList,
        unique_to_b: uuidList,
      },
      suggestions,
      (suggestion) => ({
        tenant_id: job.tenantId,
        job_id: job.jobId,
        role_a_id: suggestion.roleAId,
        role_b_id: suggestion.roleBId,
        overlap_percent: suggestion.overlapPercent,
        containment_percent: suggestion.containmentPercent,
        member_overlap_percent: suggestion.memberOverlapPercent,
        shared_entitlements: suggestion.sharedEntitlements,
        unique_to_a: suggestion.uniqueToA,
        unique_to_b: suggestion.uniqueToB,
      }),
    );
  }
}

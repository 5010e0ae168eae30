import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { lockGraph } from '../../access-graph/stores/graph-lock.js';
import { RoleStore } from '../../access-graph/stores/role.store.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ConflictError } from '../../common/errors/domain.error.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { type Decidable, decideResult, requireStep } from '../jobs/decide-result.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { SodRules } from '../sod/sod-rules.js';
import { refuseViolations, type SodViolation } from '../sod/sod-violation.js';
import { ConsolidationSuggestion } from './consolidation-suggestion.entity.js';
import { ConsolidationService } from './consolidation.service.js';
import { impactOfMerge, type MergeImpact } from './role-merge.js';
import { SUGGESTION_TRANSITIONS, type SuggestionStatus } from './suggestion-status.js';

export interface MergePreview {
  readonly suggestion: ConsolidationSuggestion;
  readonly impact: MergeImpact;
  readonly violations: readonly SodViolation[];
}

const SUGGESTION: Decidable<ConsolidationSuggestion, SuggestionStatus> = {
  entity: ConsolidationSuggestion,
  what: 'consolidation suggestion',
  stateField: 'status',
  transitions: SUGGESTION_TRANSITIONS,
};

/** Decides about consolidation suggestions (contract: results, "Consolidation suggestions"). Each decision is one transaction. */
@Injectable()
export class ConsolidationDecisionsService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly suggestions: ConsolidationService,
    private readonly roles: RoleStore,
    private readonly rules: SodRules,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * @throws NotFoundError
   * @throws ConflictError when it is not pending
   */
  async dismiss(actor: JobActor, id: string, reason: string | null): Promise<ConsolidationSuggestion> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const key = { tenantId: actor.tenantId, id };
      const suggestion = await decideResult(manager, SUGGESTION, key, 'dismissed', { dismissedReason: reason });
      await this.trail.record(manager, actor, {
        action: 'consolidation_suggestion.dismiss',
        objectType: 'consolidation_suggestion',
        objectId: id,
        before: { status: 'pending' },
        after: { status: 'dismissed' },
        reason,
      });
      return suggestion;
    });
  }

  /**
   * What merging the two roles would change now.
   *
   * @throws NotFoundError
   * @throws ConflictError when the suggestion is not pending, or one of the roles has gone
   */
  async previewMerge(actor: JobActor, id: string): Promise<MergePreview> {
    return this.transaction.readSnapshot(actor.tenantId, (manager) => this.preview(manager, actor, id));
  }

  /**
   * Merges role B into role A, when that changes exactly what the preview with this hash has shown.
   *
   * @throws NotFoundError
   * @throws ConflictError when the suggestion is not pending, one of the roles has gone, the impact is another one, or a
   *   rule would be broken
   */
  async merge(
    actor: JobActor,
    id: string,
    { impactHash, overrideReason }: { impactHash: string; overrideReason?: string | null },
  ): Promise<ConsolidationSuggestion> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      requireStep(await this.suggestions.getSuggestion(actor, id), SUGGESTION, 'merged');
      await lockGraph(manager, actor.tenantId);
      const { suggestion, impact, violations } = await this.preview(manager, actor, id);
      if (impact.hash !== impactHash) {
        throw new ConflictError('The merge would change something else than its preview showed: look at it again', {
          impact_hash: impact.hash,
        });
      }
      refuseViolations(violations, overrideReason);
      await this.roles.mergeRoles(manager, actor.tenantId, suggestion.roleAId, suggestion.roleBId);
      const merged = await decideResult(manager, SUGGESTION, { tenantId: actor.tenantId, id }, 'merged', {});
      await this.trail.record(manager, actor, {
        action: 'consolidation_suggestion.merge',
        objectType: 'consolidation_suggestion',
        objectId: id,
        before: { status: suggestion.status, role_a_id: suggestion.roleAId, role_b_id: suggestion.roleBId },
        after: {
          status: 'merged',
          role_id: suggestion.roleAId,
          impact_hash: impact.hash,
          affected_user_count: impact.affectedUserCount,
          access_gained_total: impact.accessGainedTotal,
          violated_rule_ids: violations.map(({ ruleId }) => ruleId),
        },
        reason: overrideReason,
      });
      return merged;
    });
  }

  private async preview(manager: EntityManager, actor: JobActor, id: string): Promise<MergePreview> {
    const suggestion = await this.suggestions.getSuggestion(actor, id);
    requireStep(suggestion, SUGGESTION, 'merged');
    const roles = { roleId: suggestion.roleAId, retiredRoleId: suggestion.roleBId };
    const impact = await impactOfMerge(manager, actor.tenantId, roles);
    const violations = await this.rules.violationsOfAccess(manager, actor.tenantId, impact.gains);
    return { suggestion, impact, violations };
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AssignmentStore } from '../../access-graph/stores/assignment.store.js';
import { accessFingerprints, countChangedUsers, holdersOfAll } from '../../access-graph/stores/effective-access.js';
import { lockGraph } from '../../access-graph/stores/graph-lock.js';
import { RoleStore } from '../../access-graph/stores/role.store.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ConflictError, InvalidInputError } from '../../common/errors/domain.error.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { DomainEvents } from '../../domain-events/domain-events.js';
import { type Decidable, decideResult, requireStep } from '../jobs/decide-result.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { refuseViolations, type SodViolation } from '../sod/sod-violation.js';
import { SodRules } from '../sod/sod-rules.js';
import { type CandidateDecision, CandidateDecisionsStore } from './candidate-decisions.store.js';
import { RoleCandidate } from './candidate.entity.js';
import { type CandidateView, CandidatesService } from './candidates.service.js';
import { CandidatesStore } from './candidates.store.js';
import { PROMOTION_TRANSITIONS, type PromotionStatus } from './promotion-status.js';

export interface PromotionRequest {
  /** By default the proposed name. */
  readonly roleName?: string | null;
  readonly description?: string | null;
  /** Makes the members whom the proposed role set gives this role members of the new role. */
  readonly assignMembers?: boolean;
  /** Takes from those members the direct assignments that the role makes redundant. */
  readonly removeDirect?: boolean;
  /** Lets a role with members through that breaks rules of separation of duties. */
  readonly overrideReason?: string | null;
}

/** What a promotion did beside making the role. Nobody's effective access is changed by it. */
export interface Promotion {
  readonly roleId: string;
  /** Roles that the new one inherits from. */
  readonly juniorRoleIds: readonly string[];
  /** Candidates that were promoted with it, as it inherits from them. */
  readonly promotedJuniorIds: readonly string[];
  readonly assignedMemberCount: number;
  /** Members at the time of the run who have lost some of the access since: the role would have given it back to them. */
  readonly leftOutMemberCount: number;
  readonly removedAssignmentCount: number;
  /** Members who hold something else than before: none, or nothing is done. */
  readonly changedAccessCount: number;
  /** Rules that the role breaks by itself, let through by the given reason. */
  readonly violations: readonly SodViolation[];
}

const CANDIDATE: Decidable<RoleCandidate, PromotionStatus> = {
  entity: RoleCandidate,
  what: 'role candidate',
  stateField: 'promotionStatus',
  transitions: PROMOTION_TRANSITIONS,
};

/** Decides about role candidates (contract: results, "Role candidates"). Each decision is one transaction. */
@Injectable()
export class CandidateDecisionsService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly candidates: CandidatesService,
    private readonly members: CandidatesStore,
    private readonly decisions: CandidateDecisionsStore,
    private readonly roles: RoleStore,
    private readonly assignments: AssignmentStore,
    private readonly rules: SodRules,
    private readonly trail: AuditTrail,
    private readonly events: DomainEvents,
  ) {}

  /**
   * Makes a role of a pending candidate, and first of the pending ones that it inherits from, under their proposed names and
   * with the same wishes for their members. Of simultaneous promotions one makes it, all others are refused.
   *
   * @throws InvalidInputError when assignments are to be removed from members who are not given the role
   * @throws NotFoundError
   * @throws ConflictError when it is not pending, the name is taken, an entitlement has gone, or a role with members
   *   would break a rule
   */
  async promote(
    actor: JobActor,
    id: string,
    request: PromotionRequest,
  ): Promise<CandidateView & { promotion: Promotion }> {
    if (request.removeDirect && !request.assignMembers) {
      const message = 'remove_direct needs assign_members: without the role its members would lose access';
      throw new InvalidInputError([{ field: 'remove_direct', message }]);
    }
    return this.transaction.run(actor.tenantId, async (manager) => {
      // Before the lock, so that nobody waits for an import to be told that the candidate is decided.
      await this.requirePending(actor, id);
      await lockGraph(manager, actor.tenantId);
      const promotion = await this.promoteWithJuniors(manager, actor, await this.requirePending(actor, id), request);
      return { ...(await this.candidates.getCandidate(actor, id)), promotion };
    });
  }

  private async promoteWithJuniors(
    manager: EntityManager,
    actor: JobActor,
    candidate: RoleCandidate,
    request: PromotionRequest,
  ): Promise<Promotion> {
    const promotedJuniorIds: string[] = [];
    const juniorRoleIds = [...candidate.juniorRoleIds];
    for (const juniorId of candidate.juniorCandidateIds) {
      const { candidate: junior } = await this.candidates.getCandidate(actor, juniorId);
      if (junior.promotionStatus === 'pending') {
        const ofJunior = { ...request, roleName: null, description: null };
        const promoted = await this.promoteWithJuniors(manager, actor, junior, ofJunior);
        juniorRoleIds.push(promoted.roleId);
        promotedJuniorIds.push(...promoted.promotedJuniorIds, juniorId);
      } else if (junior.promotedRoleId !== null) juniorRoleIds.push(junior.promotedRoleId);
    }
    const linked = await this.stillWithin(manager, actor.tenantId, juniorRoleIds, candidate.entitlementIds);
    const made = await this.makeRole(manager, actor, candidate, linked, request);
    const promotion = { ...made, juniorRoleIds: linked, promotedJuniorIds };
    const key = { tenantId: actor.tenantId, id: candidate.id };
    await decideResult(manager, CANDIDATE, key, 'promoted', { promotedRoleId: promotion.roleId });
    await this.keep(manager, actor, candidate, {
      decision: 'promoted',
      reason: request.overrideReason ?? null,
      roleId: promotion.roleId,
    });
    await this.events.record(manager, actor.tenantId, 'candidate.promoted', {
      candidateId: candidate.id,
      jobId: candidate.jobId,
      roleId: promotion.roleId,
      promotedBy: actor.userId,
    });
    await this.trail.record(manager, actor, {
      action: 'candidate.promote',
      objectType: 'candidate',
      objectId: candidate.id,
      before: { promotion_status: candidate.promotionStatus },
      after: {
        promotion_status: 'promoted',
        promoted_role_id: promotion.roleId,
        role_name: request.roleName ?? candidate.proposedName,
        entitlement_ids: candidate.entitlementIds,
        ...(linked.length > 0 && { junior_role_ids: linked }),
        assigned_member_count: promotion.assignedMemberCount,
        removed_assignment_count: promotion.removedAssignmentCount,
        changed_access_count: promotion.changedAccessCount,
        violated_rule_ids: promotion.violations.map(({ ruleId }) => ruleId),
      },
      reason: request.overrideReason,
    });
    return promotion;
  }

  /** Those of the roles that are still there and still give only a part of this: roles may have changed since the run. */
  private async stillWithin(
    manager: EntityManager,
    tenantId: string,
    roleIds: readonly string[],
    entitlementIds: readonly string[],
  ): Promise<string[]> {
    if (roleIds.length === 0) return [];
    const whole = new Set(entitlementIds);
    return (await this.roles.findRoles(manager, tenantId, roleIds))
      .filter((role) => role.entitlementIds.length < whole.size && role.entitlementIds.every((id) => whole.has(id)))
      .map(({ id }) => id);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it is not pending
   */
  async dismiss(actor: JobActor, id: string, reason: string | null): Promise<CandidateView> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const key = { tenantId: actor.tenantId, id };
      const candidate = await decideResult(manager, CANDIDATE, key, 'dismissed', { dismissedReason: reason });
      await this.keep(manager, actor, candidate, { decision: 'dismissed', reason, roleId: null });
      const { jobId } = candidate;
      const data = { candidateId: id, jobId, dismissedBy: actor.userId };
      await this.events.record(manager, actor.tenantId, 'candidate.dismissed', data);
      await this.trail.record(manager, actor, {
        action: 'candidate.dismiss',
        objectType: 'candidate',
        objectId: id,
        before: { promotion_status: 'pending' },
        after: { promotion_status: 'dismissed' },
        reason,
      });
      return this.candidates.getCandidate(actor, id);
    });
  }

  private async requirePending(actor: JobActor, id: string): Promise<RoleCandidate> {
    const { candidate } = await this.candidates.getCandidate(actor, id);
    requireStep(candidate, CANDIDATE, 'promoted');
    return candidate;
  }

  /** Under the graph lock: what is read here stays as it is until the end. */
  private async makeRole(
    manager: EntityManager,
    { tenantId }: JobActor,
    candidate: RoleCandidate,
    juniorIds: readonly string[],
    request: PromotionRequest,
  ): Promise<Omit<Promotion, 'juniorRoleIds' | 'promotedJuniorIds'>> {
    const { entitlementIds } = candidate;
    const proposed = request.assignMembers ? await this.members.assignedMembersOf(manager, tenantId, candidate.id) : [];
    const memberIds = proposed.length === 0 ? [] : await holdersOfAll(manager, tenantId, proposed, entitlementIds);
    const [violations] = request.assignMembers
      ? await this.rules.violationsOfSets(manager, tenantId, [entitlementIds])
      : [[]];
    refuseViolations(violations, request.overrideReason);

    const before = await accessFingerprints(manager, tenantId, memberIds);
    const roleId = await this.roles.createRole(manager, tenantId, {
      name: request.roleName ?? candidate.proposedName,
      description: request.description,
      source: 'candidate',
      entitlementIds,
      ...(juniorIds.length > 0 && { juniorIds }),
      memberIds,
    });
    const removedAssignmentCount = request.removeDirect
      ? await this.assignments.unassign(manager, tenantId, memberIds, entitlementIds)
      : 0;
    const after = await accessFingerprints(manager, tenantId, memberIds);
    const changedAccessCount = countChangedUsers(before, after);
    if (changedAccessCount > 0) {
      throw new ConflictError(
        `The promotion would have changed what ${changedAccessCount} of its members hold; nothing was done`,
      );
    }
    return {
      roleId,
      assignedMemberCount: memberIds.length,
      leftOutMemberCount: proposed.length - memberIds.length,
      removedAssignmentCount,
      changedAccessCount,
      violations,
    };
  }

  private async keep(
    manager: EntityManager,
    actor: JobActor,
    candidate: RoleCandidate,
    decision: Pick<CandidateDecision, 'decision' | 'reason' | 'roleId'>,
  ): Promise<void> {
    await this.decisions.keep(manager, actor.tenantId, candidate.entitlementIds, {
      ...decision,
      candidateId: candidate.id,
      jobId: candidate.jobId,
      decidedBy: actor.userId,
    });
  }
}

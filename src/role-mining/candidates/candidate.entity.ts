import { Column, Entity } from 'typeorm';
import { MiningResultEntity } from '../jobs/mining-result.entity.js';
import type { CandidateExplanation } from './candidate-explanation.js';
import type { PromotionStatus } from './promotion-status.js';

@Entity('role_mining_candidate')
export class RoleCandidate extends MiningResultEntity {
  @Column('text', { name: 'proposed_name' })
  proposedName!: string;

  @Column('double precision', { name: 'confidence_score' })
  confidenceScore!: number;

  @Column('integer', { name: 'member_count' })
  memberCount!: number;

  @Column('integer', { name: 'assigned_member_count' })
  assignedMemberCount!: number;

  @Column('uuid', { name: 'existing_role_id', nullable: true })
  existingRoleId!: string | null;

  @Column('uuid', { name: 'entitlement_ids', array: true })
  entitlementIds!: string[];

  /** Those that it does not inherit; null where it inherits nothing, as all candidates of earlier engine versions. */
  @Column('uuid', { name: 'own_entitlement_ids', array: true, nullable: true })
  ownEntitlementIds!: string[] | null;

  /** Candidates of the same job that it inherits from. */
  @Column('uuid', { name: 'junior_candidate_ids', array: true })
  juniorCandidateIds!: string[];

  /** Roles that were there already and that it inherits from. */
  @Column('uuid', { name: 'junior_role_ids', array: true })
  juniorRoleIds!: string[];

  /** All members, ascending. Can be megabytes: read a part of it through `CandidatesStore`. */
  @Column('uuid', { name: 'member_ids', array: true, select: false })
  memberIds!: string[];

  /** The members who are given this role by the proposed set, ascending. */
  @Column('uuid', { name: 'assigned_member_ids', array: true, select: false })
  assignedMemberIds!: string[];

  @Column('jsonb')
  explanation!: CandidateExplanation;

  @Column('text', { name: 'promotion_status' })
  promotionStatus!: PromotionStatus;

  @Column('uuid', { name: 'promoted_role_id', nullable: true })
  promotedRoleId!: string | null;

  @Column('text', { name: 'dismissed_reason', nullable: true })
  dismissedReason!: string | null;
}

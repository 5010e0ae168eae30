import { Column, Entity } from 'typeorm';
import { MiningResultEntity } from '../jobs/mining-result.entity.js';
import type { SuggestionStatus } from './suggestion-status.js';

@Entity('role_mining_consolidation_suggestion')
export class ConsolidationSuggestion extends MiningResultEntity {
  @Column('uuid', { name: 'role_a_id' })
  roleAId!: string;

  @Column('uuid', { name: 'role_b_id' })
  roleBId!: string;

  @Column('double precision', { name: 'overlap_percent' })
  overlapPercent!: number;

  @Column('double precision', { name: 'containment_percent' })
  containmentPercent!: number;

  @Column('double precision', { name: 'member_overlap_percent' })
  memberOverlapPercent!: number;

  @Column('uuid', { name: 'shared_entitlements', array: true })
  sharedEntitlements!: string[];

  @Column('uuid', { name: 'unique_to_a', array: true })
  uniqueToA!: string[];

  @Column('uuid', { name: 'unique_to_b', array: true })
  uniqueToB!: string[];

  @Column('text')
  status!: SuggestionStatus;

  @Column('text', { name: 'dismissed_reason', nullable: true })
  dismissedReason!: string | null;
}
